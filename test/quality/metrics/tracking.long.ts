import { agreesWithReference } from './tracking-reference.ts';

agreesWithReference(['Full rate']);
