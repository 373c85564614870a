import type { Command } from 'commander';
import { BATCHES, windowText } from '../pipeline/batches.ts';
import { settlePlan } from '../pipeline/settle-plan.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withAsOf, withCommon } from './options.ts';

/** `plan`: what the night would do, checked whole against the sources. */
export function addPlan(program: Command): void {
  withAsOf(withCommon(program.command('plan').description('print and check what the night would do, without doing it')))
    .addHelpText('after', '\nExamples:\n  run.sh plan\n  run.sh plan --as-of 2001-06-10 --json')
    .action(async (options: CommonOptions) => {
      const console = new Console({ quiet: options.quiet === true || options.json === true });
      const { runId, config, windows, plan, columns } = await settlePlan(configChoices(options), { log: (entry) => console.entry(entry), progress: (text) => console.progress(text) });
      if (options.json === true) {
        const steps = plan.steps.map(({ name, about, reads, writes, scripts }) => ({ name, about, reads, writes, scripts: scripts.map(({ file, name: relation }) => ({ file, relation, columns: (columns.get(relation) ?? []).map((column) => column.name) })) }));
        process.stdout.write(`${JSON.stringify({ run_id: runId, as_of: windows.asOf, sources: plan.sources, steps })}\n`);
        return;
      }
      out(`Run ${runId}: ${BATCHES.map((batch) => `${batch} ${windowText(config, windows, batch)}`.trim()).join(', ')}${config.split.by === 'hash' ? '; train and test by the hash of the entity' : ''}`);
      out(`sources: ${plan.sources.join(', ')}`);
      for (const { name, about, reads, writes, scripts } of plan.steps) {
        out(`${name}: ${about}`);
        for (const script of scripts) out(`    ${script.name} (${columns.get(script.name)?.length ?? 0} columns) from ${script.uses.filter((one) => plan.sources.includes(one) || columns.has(one)).join(', ')}`);
        const more = writes.filter((written) => !columns.has(written));
        if (more.length > 0) out(`    ${more.join(', ')} from ${reads.join(', ')}`);
      }
    });
}

function out(text: string): void {
  process.stdout.write(`${text}\n`);
}
