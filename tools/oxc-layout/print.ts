import type { Layout } from './extract.ts';

/** Unions that the reader follows, and the structs that it meets on the way. */
const UNIONS = [
  ...['Expression', 'ArrayExpressionElement', 'Argument', 'PropertyKey', 'ObjectPropertyKind'],
  ...['ChainElement', 'AssignmentTarget', 'SimpleAssignmentTarget', 'AssignmentTargetProperty'],
  ...['AssignmentTargetMaybeDefault', 'Statement', 'Declaration', 'ForStatementInit'],
  ...['ForStatementLeft', 'BindingPattern', 'ArrowFunctionBody', 'ClassElement'],
  ...['ImportDeclarationSpecifier', 'ExportDefaultDeclarationKind', 'JSXElementName'],
  ...['JSXMemberExpressionObject', 'JSXExpression', 'JSXAttributeItem', 'JSXAttributeName'],
  ...['JSXAttributeValue', 'JSXChild', 'TSModuleReference', 'TSTypeName', 'TSEnumMemberName'],
  ...['TSNamespaceDeclarationBody', 'ModuleExportName', 'ImportAttributeKey'],
];

/** Structs that stand inline, where no union leads to them. */
const INLINE = [
  ...['RawTransferData', 'Program', 'Error', 'ErrorLabel', 'Directive', 'IdentifierName'],
  ...['LabelIdentifier', 'BindingIdentifier', 'TemplateElement', 'TemplateElementValue'],
  ...['FormalParameters', 'FormalParameter', 'FunctionBody', 'BindingProperty'],
  ...['BindingRestElement', 'AssignmentTargetRest', 'CatchClause', 'CatchParameter', 'SwitchCase'],
  ...['VariableDeclarator', 'ClassBody', 'Decorator', 'ExportSpecifier', 'WithClause'],
  ...['ImportAttribute', 'JSXOpeningElement', 'TSEnumBody', 'TSEnumMember', 'TSModuleBlock'],
];

const TEXTS = [
  ...['AssignmentOperator', 'BinaryOperator', 'LogicalOperator', 'UnaryOperator'],
  ...['UpdateOperator', 'VariableDeclarationKind', 'FunctionType', 'ClassType', 'PropertyKind'],
  ...['MethodDefinitionKind', 'MethodDefinitionType', 'PropertyDefinitionType'],
  ...['AccessorPropertyType', 'ImportOrExportKind', 'ModuleKind', 'ErrorSeverity'],
];

const STRIDES = [
  ...['Statement', 'Expression', 'Directive', 'TemplateElement', 'FormalParameter'],
  ...['VariableDeclarator', 'SwitchCase', 'Decorator', 'ExportSpecifier', 'ImportAttribute'],
  ...['TSEnumMember', 'Error', 'ErrorLabel'],
];

const BUFFER = {
  blockSize: 'BLOCK_SIZE',
  blockAlign: 'BLOCK_ALIGN',
  bufferSize: 'BUFFER_SIZE',
  activeSize: 'ACTIVE_SIZE',
  dataPointer32: 'DATA_POINTER_POS_32',
} as const;

/** The source text of `packages/formats/src/module/script/oxc/layout.ts`. */
export function printLayout(layout: Layout): string {
  const unions = pick(layout.unions, UNIONS);
  const structs = [...new Set([...INLINE, ...Object.values(unions).flatMap(Object.values)])].sort();
  const fields = Object.fromEntries(
    structs.flatMap((name) => {
      const known = layout.fields[name];
      return known === undefined ? [] : [[name, withoutNoise(known)]];
    }),
  );
  return [
    '// Written by tools/oxc-layout/build.ts from the oxc-parser package; its test compares. Do not edit.',
    constant('OXC_VERSION', layout.version),
    constant(
      'BUFFER',
      mapValues(BUFFER, (name) => need(layout.buffer[name], name)),
    ),
    constant('STRUCTS', structs),
    constant('FIELDS', fields),
    constant('UNIONS', unions),
    constant('TEXTS', pick(layout.unions, TEXTS)),
    constant('STRIDES', pick(layout.strides, STRIDES)),
    constant('ABSENT', {
      union: need(layout.absent['Expression'], 'Expression'),
      text: need(layout.absent['JSStr'], 'JSStr'),
    }),
  ].join('\n\n');
}

function constant(name: string, value: unknown): string {
  return `export const ${name} = ${JSON.stringify(value, undefined, 2)} as const;`;
}

function pick<T>(table: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, need(table[name], name)]));
}

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the package no longer has ${name}`);
  return value;
}

function mapValues(
  table: Readonly<Record<string, string>>,
  of: (value: string) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, of(value)]));
}

/** Variables of the package's reader that are not fields. */
function withoutNoise(fields: Readonly<Record<string, number>>): Record<string, number> {
  const { node: _node, program, ...rest } = fields;
  return program === 0 ? { program, ...rest } : rest;
}
