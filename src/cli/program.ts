import { Command, Option } from 'commander'
import { parseAreas } from '../data/area-text.js'
import { InputError } from '../errors.js'
import type { AppOptions } from './app.js'
import type { DemoOptions } from './demo.js'
import type { EvalOptions } from './eval.js'
import type { Io } from './io.js'
import type { ServeOptions } from './serve.js'
import {
  parseCount,
  parseIds,
  parseIouThresholds,
  parseMaxDets,
  parseMemory,
  parseObjective,
  parseRecallThresholds,
  parseScore,
  parseThreads,
} from './values.js'
import { packageVersion } from './version.js'

/** The commands and their options. What they do is loaded when they run, so that --help and --version are quick. */
export function buildProgram(io: Io): Command {
  const program = new Command('detscope')
    .description('Evaluates object detection and instance segmentation: COCO AP and AR, to the last bit.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput({
      writeOut: text => io.out.write(text),
      writeErr: text => io.err.write(text),
      outputError: (text, write) => write(usageError(text)),
    })
    .exitOverride()
    .addHelpText('after', MAIN_HELP)
  addEval(program, io)
  addServe(program, io)
  addApp(program, io)
  addDemo(program, io)
  addDoctor(program, io)
  return program
}

/** What commander found, in one line that begins as all of ours do. */
function usageError(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ')
  const hint = line.includes("too many arguments for 'eval'") ? ' The files go after --gt and --dt.' : ''
  return `detscope: ${line}${hint}\n`
}

function addEval(program: Command, io: Io): void {
  program
    .command('eval')
    .description('evaluate detections against ground truth, both in COCO JSON (or .json.gz)')
    .optionsGroup('Files:')
    .option('--gt <file>', 'ground truth: a COCO annotation file (required)')
    .option('--dt <file>', 'detections: a COCO results file (required)')
    .option(
      '--compare <file>',
      'detections of a second model, B: what differs from the first, and for certain',
    )
    .optionsGroup('What is compared:')
    .addOption(
      new Option('--iou-type <type>', 'boxes or masks (default: segm where both files have masks)').choices([
        'bbox',
        'segm',
      ]),
    )
    .addOption(
      valued('--iou-thresholds <list>', 'such as .5,.75 or .5:.05:.95 (the default)', parseIouThresholds),
    )
    .addOption(valued('--recall-thresholds <list>', 'such as 0:.01:1 (the default)', parseRecallThresholds))
    .addOption(
      valued(
        '--max-dets <caps>',
        'detections kept an image and class: A,B,C, or M for 1,10,M (default: 1,10,100)',
        parseMaxDets,
      ),
    )
    .addOption(
      valued(
        '--area <ranges>',
        'coco (the default), percentile, or NAME=LO:HI,... in px, NAME=P25:P75,... by percentiles of the ground truths',
        parseAreas,
      ),
    )
    .addOption(valued('--category-ids <ids>', 'only these classes: 1,2,3 or @file', parseIds))
    .addOption(valued('--image-ids <ids>', 'only these images: 1,2,3 or @file', parseIds))
    .option('--class-agnostic', 'match without regard to the class')
    .addOption(
      new Option('--on-unknown <rule>', 'detections on an image or class that the ground truth lacks')
        .choices(['error', 'warn'])
        .default('error'),
    )
    .addOption(
      new Option(
        '--preset <name>',
        'article: masks, scores above .80, sizes by percentiles; other options win over it',
      ).choices(['article']),
    )
    .optionsGroup('What is counted (report, tables, JSON):')
    .addOption(
      new Option('--protocol <name>', 'whose rules the counts and curves follow')
        .choices(['coco', 'corrected'])
        .default('coco'),
    )
    .addOption(
      valued(
        '--score-threshold <score>',
        'count detections from this score up (default: the score with the best F1)',
        parseScore,
      ),
    )
    .addOption(
      valued(
        '--objective <what>',
        'what thresholds.json is the best for: f1, f:BETA, precision:P, recall:R or cost:FP,FN (default: f1)',
        parseObjective,
      ),
    )
    .optionsGroup('What comes out:')
    .option('--report <folder>', 'write the report, index.html, and thresholds.json')
    .option('--images <folder>', 'where the image files are, for the pictures of --report and --overlays')
    .addOption(
      valued(
        '--gallery <count>',
        'instances whose masks and pictures the report carries, the worst first (default: 200)',
        text => parseCount(text, 0, 10_000),
      ),
    )
    .option('--per-class', 'print a table of AP and AR of each class')
    .option('--json <file>', 'write everything at full precision as JSON')
    .option('--csv <folder>', 'write every table as CSV, exact curves and all instances too')
    .option('--markdown <file>', 'write a summary, for a pull request; of two models what differs')
    .option('--thresholds <file>', 'write the best score thresholds, per class and over all, as JSON')
    .option(
      '--overlays <folder>',
      'write pictures of the worst errors as PNG; of two models, of what one alone finds',
    )
    .addOption(
      valued('--top <count>', 'how many pictures --overlays writes (default: 20)', text =>
        parseCount(text, 1, 10_000),
      ),
    )
    .option('--npy <folder>', 'write precision.npy, recall.npy and scores.npy, of --dt alone')
    .option('--quiet', 'print the numbers and warnings only')
    .optionsGroup('How it runs:')
    .addOption(
      new Option(
        '--backend <where>',
        'where masks are intersected; auto takes a GPU where the work is worth one',
      )
        .choices(['auto', 'cpu', 'webgpu'])
        .default('auto'),
    )
    .addOption(
      valued(
        '--threads <count>',
        '0: all cores for masks in large files, two for their reports, else one',
        parseThreads,
      ).default(0),
    )
    .addOption(
      valued(
        '--memory <size>',
        'most memory of the process, such as 2GB, 512MiB or 1.5g: sizes the work, and says so where files are too large',
        parseMemory,
      ),
    )
    .addHelpText('after', EVAL_HELP)
    .action(async (options: Omit<EvalOptions, 'gt' | 'dt'> & { gt?: string; dt?: string }) => {
      // Checked here and not by commander, which would mention a mistyped option only after these.
      const { gt, dt } = options
      if (gt === undefined || dt === undefined)
        throw new InputError('eval needs both --gt FILE (ground truth) and --dt FILE (detections)')
      await (await import('./eval.js')).runEval({ ...options, gt, dt }, io)
    })
}

function addServe(program: Command, io: Io): void {
  program
    .command('serve')
    .description('show a report with every picture and mask from disk, to this machine only')
    .argument('<folder>', 'what "eval --report" wrote')
    .addOption(portOption())
    .option('--images <folder>', 'where the image files are (default: where they were for the report)')
    .option('--gt <file>', 'the ground truth, where it has moved since')
    .option('--dt <file>', 'the detections, where they have moved since')
    .option('--compare <file>', 'those of the second model, where they have moved since')
    .addHelpText('after', SERVE_HELP)
    .action(async (folder: string, options: ServeOptions) =>
      (await import('./serve.js')).runServe(folder, options, io),
    )
}

function addApp(program: Command, io: Io): void {
  program
    .command('app')
    .description('open the app: evaluate files in the browser, on this machine only')
    .addOption(portOption())
    .option('--no-open', 'print the address and open no browser')
    .addHelpText('after', APP_HELP)
    .action(async (options: AppOptions) => (await import('./app.js')).runApp(options, io))
}

const portOption = (): Option =>
  valued('--port <n>', '0, the default, takes one that is free', text => parseCount(text, 0, 65535)).default(
    0,
  )

function addDemo(program: Command, io: Io): void {
  program
    .command('demo')
    .description('make a data set to try: images, ground truth and detections of a warehouse')
    .argument('[folder]', 'where to put it', 'demo')
    .addOption(
      valued('--seed <n>', 'the same number makes the same files', text =>
        parseCount(text, 0, 0xffffffff),
      ).default(1),
    )
    .addOption(valued('--images <n>', 'how many images', text => parseCount(text, 1, 10_000)).default(60))
    .option('--quiet', 'print nothing')
    .addHelpText('after', DEMO_HELP)
    .action(async (folder: string, options: DemoOptions) =>
      (await import('./demo.js')).runDemo(folder, options, io),
    )
}

function addDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('show what this machine offers: versions, GPUs, limits, and whether GPU and CPU agree')
    .action(async () => (await import('./doctor.js')).runDoctor(io))
}

/** An option whose value `parse` reads; its errors name the option. */
function valued<T>(flags: string, description: string, parse: (text: string) => T): Option {
  const name = flags.split(' ')[0]
  return new Option(flags, description).argParser((text: string) => {
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${name}: ${error.message}`, { cause: error })
      throw error
    }
  })
}

const MAIN_HELP = `
Examples:
  detscope demo demo                                 make a data set to try
  detscope eval --gt demo/gt.json --dt demo/dt.json  evaluate it
  detscope eval --help                               all options
  detscope serve out                                 show a report with its images
  detscope app                                       evaluate files in the browser
  detscope doctor                                    is there a GPU, and is it right?

Exit codes: 0 done, 1 failed at work, 2 wrong usage or input.`

const EVAL_HELP = `
Examples:
  detscope eval --gt gt.json --dt dt.json
  detscope eval --gt gt.json.gz --dt dt.json --iou-type bbox --per-class
  detscope eval --gt gt.json --dt dt.json --json result.json --npy arrays
  detscope eval --gt gt.json --dt dt.json --iou-thresholds .5 --max-dets 1,10,500
  detscope eval --gt gt.json --dt dt.json --area tiny=0:256,small=256:1024,rest=1024:1e10
  detscope eval --gt gt.json --dt dt.json --report out --images val2017
  detscope eval --gt gt.json --dt a.json --compare b.json --report out
  detscope eval --gt gt.json --dt dt.json --preset article --protocol corrected --csv tables
  detscope eval --gt gt.json --dt dt.json --markdown summary.md --thresholds thresholds.json --objective precision:.95

The 12 lines are pycocotools' own: -1.000 stands for "nothing to measure".`

const SERVE_HELP = `
Example:
  detscope eval --gt gt.json --dt dt.json --report out --images val2017 && detscope serve out`

const APP_HELP = `
Examples:
  detscope app
  detscope app --port 8080 --no-open`

const DEMO_HELP = `
Example:
  detscope demo demo && detscope eval --gt demo/gt.json --dt demo/dt.json --per-class`
