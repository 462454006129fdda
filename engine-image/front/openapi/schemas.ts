import * as replies from "../replies.ts";
import { inferenceSchemas } from "./inference-schemas.ts";
import { jobSchemas } from "./job-schemas.ts";
import { maxSchemas } from "./max-schemas.ts";

/** Shapes of the replies, under the names that the document gives them. */
export const schemas = { ...replies, ...jobSchemas, ...inferenceSchemas, ...maxSchemas };
