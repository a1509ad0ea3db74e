export { type FileFormat, fileFormatOf, fileFormats } from './file-format.ts';
export { Repository, type Skipped, type SkipReason } from './repository.ts';
export { type Encoding, SourceFile } from './source-file.ts';
