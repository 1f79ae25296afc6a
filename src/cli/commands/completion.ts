// `vopipe completion`: what makes the Tab key know commands, options and names of nodes.
import { define } from '../command.ts';
import { SCRIPTS, SHELLS, type Shell } from '../complete/scripts.ts';
import { UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: [SHELLS.join('|')],
  takes: [1, 1],
  details: 'Names of nodes are asked of the service, with the credentials that a command would have. vopipe has to be found by its name.',
  options: {},
  examples: [
    [`echo 'eval "$(vopipe completion bash)"' >> ~/.bashrc`, 'for bash'],
    [`echo 'eval "$(vopipe completion zsh)"' >> ~/.zshrc`, 'for zsh, behind compinit'],
    ['vopipe completion fish > ~/.config/fish/completions/vopipe.fish', 'for fish'],
  ],
  async run({ terminal, json }, { args }) {
    const [shell = ''] = args;
    if (!SHELLS.some((one) => one === shell))
      throw new UsageTrouble(`completion: ${JSON.stringify(shell)} is none of ${SHELLS.join(', ')}`, 'completion');
    const script = SCRIPTS[shell as Shell];
    await (json ? terminal.json({ shell, script }) : terminal.out(script));
  },
});
