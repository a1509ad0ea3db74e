export { type FileFormat, fileFormatOf, fileFormats } from './file-format.ts';
export { type ReadProgress, type ReadTreeOptions, readTree } from './read-tree.ts';
export { Repository, type RepositoryExtras, type Skipped, type SkipReason } from './repository.ts';
export { type Encoding, type ParseProblem, SourceFile } from './source-file.ts';
