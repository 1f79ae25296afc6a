// Types of build.mjs, which is plain JavaScript because it runs before anything is installed.
export declare const ROOT: string;
export declare class StartError extends Error {}
export declare function findNode(): string;
export declare function build(say?: (line: string) => void): void;
