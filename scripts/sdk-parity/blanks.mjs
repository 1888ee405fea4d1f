// Where a symbol of the SDK is implemented, and the edits of the source that take its implementation away.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const NOTHING = '(undefined as never)';

/** The sources of the SDK with their types, as the compiler sees them. */
export function openSdk(root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.sdk.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  return { root, program, checker: program.getTypeChecker() };
}

/**
 * The edits that blank `module#Name` or `module#Name.member`.
 * A class, function, method or getter loses its body; a field its value, where it is set and where the SDK reads it;
 * with `asType` a type becomes `any` and a member of a type disappears.
 * @returns {{ file: string, start: number, end: number, text: string }[]}
 */
export function blank(sdk, symbol, asType) {
  const { owner, member } = resolve(sdk, symbol);
  const edits = member
    ? asType
      ? declarationsOf(member).map(remove)
      : blankMember(sdk, member)
    : asType
      ? declarationsOf(owner).filter(isTypeDeclaration).map(toAny)
      : declarationsOf(owner).flatMap((declaration) => blankDeclaration(sdk, declaration));
  if (edits.length === 0) throw new Error(`${symbol}: nothing to blank${asType ? ' as a type' : ''}`);
  return edits;
}

function resolve({ root, program, checker }, symbol) {
  const [module, path] = symbol.split('#');
  const [name, memberName] = path.split('.');
  const index = join(root, 'src', 'sdk', module, 'index.ts');
  if (!existsSync(index)) throw new Error(`${symbol}: there is no module redsun/sdk/${module}`);
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)));
  const found = exported.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${symbol}: redsun/sdk/${module} does not export ${name}`);
  const owner = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  if (!memberName) return { owner };
  const member = membersOf(checker, owner).find((candidate) => candidate.name === memberName);
  if (!member) throw new Error(`${symbol}: ${name} has no member ${memberName}`);
  return { owner, member };
}

function membersOf(checker, owner) {
  const inValue = owner.valueDeclaration
    ? checker.getPropertiesOfType(checker.getTypeOfSymbolAtLocation(owner, owner.valueDeclaration))
    : [];
  const inType =
    owner.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)
      ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(owner))
      : [];
  return owner.flags & ts.SymbolFlags.Variable ? [...inValue, ...inType] : [...inType, ...inValue];
}

const declarationsOf = (symbol) => symbol.declarations ?? [];
const isTypeDeclaration = (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
const edit = (node, text, start = node.getStart()) => ({
  file: node.getSourceFile().fileName,
  start,
  end: node.getEnd(),
  text,
});
const remove = (node) => edit(node, '');

function toAny(node) {
  const parameters = node.typeParameters?.length ? `<${node.typeParameters.map((p) => p.getText()).join(', ')}>` : '';
  return edit(node, `export type ${node.name.text}${parameters} = any;`);
}

function blankDeclaration(sdk, node) {
  if (ts.isClassDeclaration(node)) {
    const bodies = node.members.filter((member) => 'body' in member && member.body).map(blankBody);
    // A class that is only a brand has nothing but the brand.
    return bodies.length > 0
      ? bodies
      : node.members.flatMap((member) => (member.initializer ? [edit(member.initializer, NOTHING)] : []));
  }
  if (ts.isFunctionDeclaration(node)) return node.body ? [blankBody(node)] : [];
  if (ts.isVariableDeclaration(node) && node.initializer) return [edit(node.initializer, '{} as never')];
  return isTypeDeclaration(node) ? [] : blankMember(sdk, node.symbol);
}

/** A constructor keeps the call of its base class: without it nothing could be built at all. */
function blankBody(node) {
  if (!ts.isConstructorDeclaration(node)) return edit(node.body, '{ return undefined as never; }');
  const kept = node.body.statements.filter(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isCallExpression(statement.expression) &&
      statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword,
  );
  return edit(node.body, `{ ${kept.map((statement) => statement.getText()).join(' ')} }`);
}

function blankMember(sdk, member) {
  const edits = [];
  for (const node of declarationsOf(member)) {
    if ('body' in node && node.body) edits.push(blankBody(node));
    else if (ts.isPropertyAssignment(node)) edits.push(edit(node.initializer, NOTHING));
    else if (ts.isPropertyDeclaration(node) && node.initializer) edits.push(edit(node.initializer, NOTHING));
  }
  const uses = edits.some(({ text }) => text.startsWith('{')) ? [] : usesOf(sdk, member);
  return [...edits, ...uses.filter((use) => !edits.some(({ start, end, file }) => within(use, { start, end, file })))];
}

const within = (inner, outer) => inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;

/** Reads of a field become undefined and assignments to it assign nothing. */
function usesOf({ root, program, checker }, member) {
  const edits = [];
  const declared = [...declarationsOf(member), ...promisedBy(checker, member)];
  const is = (node) => {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol !== undefined && declarationsOf(symbol).some((one) => declared.includes(one));
  };
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node) && is(node.name)) {
      const { parent } = node;
      const assigned =
        ts.isBinaryExpression(parent) &&
        parent.left === node &&
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      edits.push(assigned ? edit(parent.right, NOTHING) : edit(node, NOTHING));
      return;
    }
    if (ts.isBindingElement(node) && isBoundTo(checker, node, member)) {
      edits.push(edit(node.propertyName ?? node.name, `blanked: ${node.name.getText()}`));
      return;
    }
    if (
      (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
      isLiteralOf(checker, node, member)
    ) {
      edits.push(edit(node, `${node.name.getText()}: ${NOTHING}`));
      return;
    }
    ts.forEachChild(node, visit);
  };
  for (const source of program.getSourceFiles()) {
    if (source.fileName.startsWith(join(root, 'src', 'sdk'))) visit(source);
  }
  return edits;
}

/** Where the interfaces that a class implements promise its member: it may be read through them. */
function promisedBy(checker, member) {
  return declarationsOf(member)
    .map(({ parent }) => parent)
    .filter(ts.isClassDeclaration)
    .flatMap(({ heritageClauses = [] }) => heritageClauses.flatMap(({ types }) => types))
    .flatMap((type) => declarationsOf(checker.getTypeAtLocation(type).getProperty(member.name) ?? {}));
}

function isBoundTo(checker, node, member) {
  const name = node.propertyName ?? node.name;
  if (!ts.isIdentifier(name) || name.text !== member.name || !ts.isObjectBindingPattern(node.parent)) return false;
  const property = checker.getTypeAtLocation(node.parent).getProperty(name.text);
  return property !== undefined && sharesDeclaration(property, member);
}

function isLiteralOf(checker, node, member) {
  if (node.name.getText() !== member.name || !ts.isObjectLiteralExpression(node.parent)) return false;
  const property = checker.getContextualType(node.parent)?.getProperty(member.name);
  return property !== undefined && sharesDeclaration(property, member);
}

const sharesDeclaration = (one, other) => declarationsOf(one).some((node) => declarationsOf(other).includes(node));

/** Applies edits to the text of a file. */
export function applyEdits(text, edits) {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      text,
    );
}

/** The modules that a program may import as `redsun/sdk/<name>`. */
export function sdkModules(root) {
  return readdirSync(join(root, 'src', 'sdk'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** The text of a file with the edits that concern it, undefined when none does. */
export function blankedText(file, edits) {
  const mine = edits.filter((one) => one.file === file);
  return mine.length > 0 ? applyEdits(readFileSync(file, 'utf8'), mine) : undefined;
}
