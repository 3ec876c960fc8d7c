/**
 * Examines one product in a process of its own, that may die: hostile bytes are
 * parsed here, and here is no database and no key.
 */
import { childProgram } from '../children/program.ts';
import { examineInto } from './examine.ts';
import type { ExaminationTask } from './task.ts';

childProgram<ExaminationTask>(examineInto);
