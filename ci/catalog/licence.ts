import parse from "spdx-expression-parse";

type Expression = ReturnType<typeof parse>;

/**
 * Whether an SPDX expression leaves a user a licence that allows commercial use. A licence of the
 * author's own wording (LicenseRef) counts as one that does not: nobody has read it for the user.
 */
export function allowsCommercialUse(expression: string): boolean {
  try {
    return isCommercial(parse(expression));
  } catch {
    // `check` refuses what can't be read; what was published before that rule is not promised.
    return false;
  }
}

function isCommercial(expression: Expression): boolean {
  if ("license" in expression) {
    return !/-NC(-|$)|noncommercial|^(LicenseRef|DocumentRef)-/i.test(expression.license);
  }
  const [left, right] = [isCommercial(expression.left), isCommercial(expression.right)];
  return expression.conjunction === "or" ? left || right : left && right;
}
