/**
 * The kinds of token in HCL's native syntax, as small numbers so that a whole file fits in a typed array. The
 * punctuation that stands for itself carries its character code.
 */
export const END_OF_FILE: number = 0;
export const IDENTIFIER: number = 1;
export const NUMBER: number = 2;
export const COMMENT: number = 3;
/** Spaces and tabs. */
export const BLANK: number = 4;
/** The byte order mark, allowed as the very first character only. */
export const BYTE_ORDER_MARK: number = 5;
/** A line end: `\n` or `\r\n`. */
export const NEWLINE: number = 10;

export const NOT: number = 33;
/** `"` that opens a string. */
export const OPEN_QUOTE: number = 34;
export const PERCENT: number = 37;
export const OPEN_PARENTHESIS: number = 40;
export const CLOSE_PARENTHESIS: number = 41;
export const STAR: number = 42;
export const PLUS: number = 43;
export const COMMA: number = 44;
export const MINUS: number = 45;
export const DOT: number = 46;
export const SLASH: number = 47;
export const COLON: number = 58;
export const LESS: number = 60;
export const EQUALS: number = 61;
export const GREATER: number = 62;
export const QUESTION_MARK: number = 63;
export const OPEN_BRACKET: number = 91;
export const CLOSE_BRACKET: number = 93;
export const OPEN_BRACE: number = 123;
export const CLOSE_BRACE: number = 125;

export const EQUAL_TO: number = 128;
export const NOT_EQUAL_TO: number = 129;
export const LESS_OR_EQUAL: number = 130;
export const GREATER_OR_EQUAL: number = 131;
export const AND: number = 132;
export const OR: number = 133;
export const FAT_ARROW: number = 134;
export const ELLIPSIS: number = 135;
export const DOUBLE_COLON: number = 136;
/** `"` that closes a string. */
export const CLOSE_QUOTE: number = 137;
/** `<<EOT` or `<<-EOT` with its line end. */
export const OPEN_HEREDOC: number = 138;
/** The line of the end marker, indentation included and line end excluded. */
export const CLOSE_HEREDOC: number = 139;
/** Literal text in a string or heredoc. */
export const TEXT: number = 140;
/** `${` or `${~`. */
export const INTERPOLATION: number = 141;
/** `%{` or `%{~`. */
export const DIRECTIVE: number = 142;
/** `}` or `~}` that closes an interpolation or directive. */
export const TEMPLATE_END: number = 143;
/** Characters that have no meaning where they stand. */
export const INVALID: number = 144;
/** What a parser that has failed sees from then on; the scanner never makes it. */
export const POISON: number = 145;
