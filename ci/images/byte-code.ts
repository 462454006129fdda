import { loadPyodide } from "pyodide";
import { OursError } from "../errors.ts";

/**
 * Puts byte code beside Python sources that an image has under `name`; images write none themselves.
 * Pyodide is of the base image's Python version, and being WebAssembly it is the same on every machine,
 * whatever Python is there. Any other Python ignores the files, by their name.
 */
export async function compilePython(folder: string, name: string): Promise<void> {
  const said: string[] = [];
  const python = await loadPyodide({ stdout: (line) => said.push(line) });
  python.mountNodeFS(name, folder);
  // File times become 0 in the image, so byte code can't go by them.
  const isCompiled = python.runPython(`
    import compileall, py_compile
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(${JSON.stringify(name)}, quiet=1, invalidation_mode=mode)
  `);
  if (!isCompiled) throw new OursError(`the Python sources don't compile:\n${said.join("\n")}`);
}
