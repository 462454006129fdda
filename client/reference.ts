import type { Command } from "commander";

/** A verb as its help says it. */
export interface Verb {
  name: string;
  /** What is typed, with its arguments. */
  usage: string;
  description: string;
  options: { flags: string; description: string }[];
}

/** Every verb that the help lists, in its order. The reference on the site is made of it. */
export function verbsOf(program: Command): Verb[] {
  const help = program.createHelp();
  return help
    .visibleCommands(program)
    .filter((command) => command.name() !== "help")
    .map((command) => ({
      name: command.name(),
      usage: help.commandUsage(command),
      description: command.description(),
      options: help.visibleOptions(command).map((option) => ({
        flags: option.flags,
        description: help.optionDescription(option),
      })),
    }));
}
