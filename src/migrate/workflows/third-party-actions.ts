/** What is known of actions that workflows hand keys to: which of them can live on the session of the job, and how. */

export type KnownAction =
  /** Without key inputs it takes the session from the environment. */
  | { readonly kind: 'environment'; readonly drop?: readonly string[] }
  /** It has an input for the session token. */
  | { readonly kind: 'token'; readonly token: string }
  /** It can't take a session at all. */
  | { readonly kind: 'sessionless'; readonly instead: string };

export function knownAction(action: string): KnownAction | undefined {
  return table.find(([name]) => name === action)?.[1];
}

const table: readonly (readonly [string, KnownAction])[] = [
  // With configure-aws-credentials before it, the login takes the session for an ECR registry.
  ['docker/login-action', { kind: 'environment', drop: ['username', 'password'] }],
  ['aws-actions/amazon-ecr-login', { kind: 'environment' }],
  ['reggionick/s3-deploy', { kind: 'environment' }],
  ['einaregilsson/beanstalk-deploy', { kind: 'token', token: 'aws_session_token' }],
  ['appleboy/lambda-action', { kind: 'token', token: 'aws_session_token' }],
  [
    'jakejarvis/s3-sync-action',
    { kind: 'sessionless', instead: 'run: aws s3 sync <SOURCE_DIR> s3://<AWS_S3_BUCKET> --delete' },
  ],
  [
    'kciter/aws-ecr-action',
    { kind: 'sessionless', instead: 'uses: aws-actions/amazon-ecr-login@v2, then docker/build-push-action' },
  ],
  ['jwalton/gh-ecr-push', { kind: 'sessionless', instead: 'uses: aws-actions/amazon-ecr-login@v2, then docker push' }],
  [
    'shallwefootball/s3-upload-action',
    { kind: 'sessionless', instead: 'run: aws s3 cp <source_dir> s3://<aws_bucket> --recursive' },
  ],
  [
    'shallwefootball/upload-s3-action',
    { kind: 'sessionless', instead: 'run: aws s3 cp <source_dir> s3://<aws_bucket> --recursive' },
  ],
  ['tpaschalis/s3-sync-action', { kind: 'sessionless', instead: 'run: aws s3 sync' }],
  ['prewk/s3-cp-action', { kind: 'sessionless', instead: 'run: aws s3 cp <source> <dest>' }],
  ['chetan/invalidate-cloudfront-action', { kind: 'environment' }],
];
