/**
 * Every reason keyless may stop for, with the exit status it leaves and what the reader should know.
 * The page `docs/errors.md` and `keyless explain <CODE>` are generated from this table.
 */

/** Exit statuses of every command; a leak and an error never share one. */
export const ExitStatus = {
  /** Done, and nothing at or above the threshold was found. */
  done: 0,
  /** Findings at or above `--fail-on`, or `--check` found pending edits. */
  findings: 1,
  /** The command line or a configuration file is wrong. */
  usage: 2,
  /** The work could not be completed. */
  incomplete: 3,
  /** A person has to act first: sign in, approve, fill in a value. */
  actionNeeded: 4,
  /** Interrupted by SIGINT or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus];

export interface ErrorCodeEntry {
  readonly exit: ExitStatus;
  /** Fixed text a reader learns to recognise. */
  readonly title: string;
  /** When it happens and what to do about it, in a sentence or two. */
  readonly explanation: string;
}

/** Every code, sorted. */
export type ErrorCode =
  | 'AWS_CONFIG_UNREADABLE'
  | 'COMMAND_NOT_FOUND'
  | 'COMMAND_NOT_STARTED'
  | 'CONFIG_EXISTS'
  | 'CONFIG_INVALID'
  | 'CONFIG_NOT_FOUND'
  | 'DISK_FULL'
  | 'EDIT_REJECTED'
  | 'FILE_CHANGED'
  | 'FILE_FAILED'
  | 'INTERNAL'
  | 'INTERRUPTED'
  | 'NETWORK_FAILED'
  | 'NOTHING_TO_UNDO'
  | 'NOT_A_DIRECTORY'
  | 'PATH_NOT_FOUND'
  | 'PERMISSION_DENIED'
  | 'PORT_TAKEN'
  | 'PROFILE_CONFLICT'
  | 'READ_ONLY'
  | 'ROLE_REFUSED'
  | 'SIGN_IN_EXPIRED'
  | 'SIGN_IN_REFUSED'
  | 'TERRAFORM_NOT_FOUND'
  | 'UNKNOWN_ID'
  | 'USAGE'
  | 'VALUE_MISSING';

/** The catalogue of error codes, sorted by code. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = {
  AWS_CONFIG_UNREADABLE: {
    exit: ExitStatus.usage,
    title: 'The AWS configuration file cannot be edited',
    explanation:
      'The file named in the message is not an INI file that keyless can edit without risk. Mend the line it names, then run the command again.',
  },
  COMMAND_NOT_FOUND: {
    exit: ExitStatus.usage,
    title: 'There is no such command',
    explanation:
      'The command behind `--` is neither on the PATH nor a file. keyless ends with 127, as a shell does, so that it is not taken for a code of the command.',
  },
  COMMAND_NOT_STARTED: {
    exit: ExitStatus.incomplete,
    title: 'The command cannot be started',
    explanation:
      'The system refused to run the command behind `--`: it is not executable, or made for another machine. keyless ends with 126, as a shell does.',
  },
  CONFIG_EXISTS: {
    exit: ExitStatus.usage,
    title: 'keyless.yaml exists already',
    explanation: '`keyless init` never overwrites an intent file. Edit it, or move it away first.',
  },
  CONFIG_INVALID: {
    exit: ExitStatus.usage,
    title: 'keyless.yaml is not valid',
    explanation:
      'A key is unknown, a value has the wrong form, or a name points at nothing. Each problem is listed with its line, the value found and what was expected.',
  },
  CONFIG_NOT_FOUND: {
    exit: ExitStatus.usage,
    title: 'No keyless.yaml was found',
    explanation:
      'The command needs to know which accounts, stacks and pipelines there are. `keyless init` drafts the file from the repository.',
  },
  DISK_FULL: {
    exit: ExitStatus.incomplete,
    title: 'The disk is full',
    explanation:
      'A file could not be written. Files are written beside their target and renamed into place, so none is half-written; free some space and run the command again.',
  },
  EDIT_REJECTED: {
    exit: ExitStatus.incomplete,
    title: 'An edit failed its own check',
    explanation:
      'keyless reparses every file after an edit. The result was not what the rule declared, so nothing was written. This is a fault in keyless: please report the rule and the shape of the file.',
  },
  FILE_CHANGED: {
    exit: ExitStatus.incomplete,
    title: 'A file changed between planning and writing',
    explanation:
      'The bytes on disk are not those the plan was made from, so that file was left alone. Run the command again to plan from the new content.',
  },
  FILE_FAILED: {
    exit: ExitStatus.incomplete,
    title: 'The operating system failed on a file',
    explanation:
      'A path could not be read or written for a reason other than permissions or space, such as symbolic links that lead in a circle, a failing disk, or a folder where a file was expected. The message has the reason that the system gave.',
  },
  INTERNAL: {
    exit: ExitStatus.incomplete,
    title: 'An internal fault of keyless',
    explanation:
      'Something happened that keyless did not foresee. It is reported as unknown, not as a problem of your session. Run again with KEYLESS_DEBUG=1 for the stack.',
  },
  INTERRUPTED: {
    exit: ExitStatus.interrupted,
    title: 'Interrupted',
    explanation: 'SIGINT or SIGTERM arrived. Files already renamed into place stay whole; no other file was touched.',
  },
  NETWORK_FAILED: {
    exit: ExitStatus.incomplete,
    title: 'No answer from the network',
    explanation:
      'The host named in the message could not be reached, or the connection broke. Nothing was changed by keyless; run the command again when the host answers.',
  },
  NOTHING_TO_UNDO: {
    exit: ExitStatus.usage,
    title: 'There is no run to undo',
    explanation: '`migrate --write` records the inverse of what it does; no such record was found for this repository.',
  },
  NOT_A_DIRECTORY: {
    exit: ExitStatus.usage,
    title: 'The path is not a directory',
    explanation: 'audit, init, status and migrate take the root folder of a repository.',
  },
  PATH_NOT_FOUND: {
    exit: ExitStatus.usage,
    title: 'The path does not exist',
    explanation: 'The folder or file named on the command line does not exist.',
  },
  PERMISSION_DENIED: {
    exit: ExitStatus.incomplete,
    title: 'Permission denied',
    explanation: 'The operating system refused to read or write the path in the message. Nothing was half-written.',
  },
  PORT_TAKEN: {
    exit: ExitStatus.usage,
    title: 'The port is in use',
    explanation:
      'Another process listens there. Choose another with --port, or leave the option out: then a free one is taken and printed.',
  },
  PROFILE_CONFLICT: {
    exit: ExitStatus.actionNeeded,
    title: 'A profile of that name belongs to somebody else',
    explanation:
      'A section of ~/.aws/config that keyless did not write has the name of a profile it needs. keyless changes only its own sections; rename or remove the other.',
  },
  READ_ONLY: {
    exit: ExitStatus.incomplete,
    title: 'The file system is read-only',
    explanation: 'A file could not be written because its file system is mounted read-only. Nothing was changed.',
  },
  ROLE_REFUSED: {
    exit: ExitStatus.actionNeeded,
    title: 'The access portal does not give that role',
    explanation:
      'The person is signed in, and the permission set named in the message is not assigned to them in that account. Ask for the assignment, or use another role.',
  },
  SIGN_IN_EXPIRED: {
    exit: ExitStatus.actionNeeded,
    title: 'The sign-in has expired',
    explanation:
      'The session at the access portal is over, or nobody confirmed the sign-in in time. A person has to sign in again; nothing else helps.',
  },
  SIGN_IN_REFUSED: {
    exit: ExitStatus.actionNeeded,
    title: 'The sign-in was refused',
    explanation:
      'IAM Identity Center refused to sign the person in or to register the client. The message has its reason: the person said no, the start URL or region is wrong, or the grant is not allowed.',
  },
  TERRAFORM_NOT_FOUND: {
    exit: ExitStatus.usage,
    title: 'Terraform is not there, or too old',
    explanation:
      'The command runs the real Terraform, 1.11 or later, or OpenTofu 1.10 or later, and found none on the PATH. Install it, or put its folder on the PATH.',
  },
  UNKNOWN_ID: {
    exit: ExitStatus.usage,
    title: 'No rule, detector or error code has that id',
    explanation: '`keyless explain` without an argument lists every id.',
  },
  USAGE: {
    exit: ExitStatus.usage,
    title: 'The command line is wrong',
    explanation:
      'An option or argument is unknown, missing or has the wrong form. `keyless <command> --help` shows the right one.',
  },
  VALUE_MISSING: {
    exit: ExitStatus.actionNeeded,
    title: 'A value in keyless.yaml is still missing',
    explanation:
      '`keyless init` leaves visibly empty what it cannot find. Only what needs the value is refused; fill it in and run the command again.',
  },
};
