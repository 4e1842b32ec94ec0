import { StartFailure } from '../start-failure.ts';
import type { Assembly, Resource, Stack } from './assembly.ts';
import { ACCOUNT, REGION, attributeOf, refOf, type Addresses } from './references.ts';

/** A resource's properties with every intrinsic function replaced by its value. */
export type Properties = Record<string, unknown>;

/** Stands for AWS::NoValue: whoever holds it drops the property. */
const NO_VALUE = Symbol('AWS::NoValue');

const INTRINSIC = /^(Ref|Fn::.+|Condition)$/;

/**
 * Turns what stands in a template into what CloudFormation would have made of it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 *
 * Values are resolved when they are asked for, so an intrinsic that only a resource needs that is not run locally
 * does no harm.
 */
export class Resolver {
  readonly #stacks: ReadonlyMap<string, Stack>;
  readonly #addresses: Addresses;

  constructor(assembly: Assembly, addresses: Addresses) {
    this.#stacks = new Map(assembly.stacks.map((stack) => [stack.name, stack]));
    this.#addresses = addresses;
  }

  /** Every resource of all stacks, in template order. */
  all(): Resource[] {
    return [...this.#stacks.values()].flatMap((stack) => [...stack.resources.values()]);
  }

  /** Every resource of one of the types. */
  ofType(...types: string[]): Resource[] {
    return this.all().filter(({ type }) => types.includes(type));
  }

  /** All properties of a resource, resolved. Throws StartFailure for what cannot be. */
  properties(resource: Resource): Properties {
    return this.resolve(resource.properties, resource.stack) as Properties;
  }

  /** The value of the output with this name, in whichever stack it stands; undefined when none has it. */
  output(name: string): string | undefined {
    for (const stack of this.#stacks.values()) {
      const output = stack.outputs[name];
      if (output) return String(this.resolve(output.Value, stack.name));
    }
    return undefined;
  }

  /**
   * @param value any part of a template
   * @param stackName the stack it stands in, to which its references belong
   * @returns the value without intrinsic functions; undefined for AWS::NoValue
   * @throws StartFailure naming the intrinsic or the reference that has no local value
   */
  resolve(value: unknown, stackName: string): unknown {
    const resolved = this.#resolve(value, this.#stack(stackName));
    return resolved === NO_VALUE ? undefined : resolved;
  }

  #stack(name: string): Stack {
    const stack = this.#stacks.get(name);
    if (!stack) throw new StartFailure(`There is no stack ${name} in the synthesized app.`);
    return stack;
  }

  #resolve(value: unknown, stack: Stack): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.#resolve(item, stack)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only && INTRINSIC.test(only[0]))
      return this.#intrinsic(only[0], only[1], stack);
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.#resolve(item, stack)] as const)
        .filter(([, item]) => item !== NO_VALUE),
    );
  }

  #intrinsic(name: string, argument: unknown, stack: Stack): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), stack);
      case 'Fn::GetAtt':
        return this.#getAtt(argument, stack);
      case 'Fn::ImportValue':
        return this.#importValue(String(this.#resolve(argument, stack)));
      case 'Fn::Sub':
        return this.#sub(argument, stack);
      case 'Fn::Join': {
        const [separator, parts] = this.#resolve(argument, stack) as [string, unknown[]];
        return parts.join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = this.#resolve(argument, stack) as [string, string];
        return text.split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = this.#resolve(argument, stack) as [number | string, unknown[]];
        return list[Number(index)];
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = this.#resolve(argument, stack) as [string, string, string];
        return stack.mappings[map]?.[first]?.[second];
      }
      default:
        throw new StartFailure(
          `The template uses ${name} in the stack ${stack.name}, which is not known locally.`,
        );
    }
  }

  #ref(name: string, stack: Stack): unknown {
    const pseudo: Record<string, unknown> = {
      'AWS::Region': REGION,
      'AWS::AccountId': ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stack.name}/local`,
      'AWS::NoValue': NO_VALUE,
    };
    if (name in pseudo) return pseudo[name];
    const parameter = stack.parameters[name];
    if (parameter?.Default !== undefined) return parameter.Default;
    return refOf(this.#resource(name, stack), this, this.#addresses);
  }

  #getAtt(argument: unknown, stack: Stack): string {
    const [logicalId = '', ...path] = Array.isArray(argument)
      ? argument.map(String)
      : String(argument).split('.');
    return attributeOf(this.#resource(logicalId, stack), path.join('.'), this, this.#addresses);
  }

  #resource(logicalId: string, stack: Stack): Resource {
    const resource = stack.resources.get(logicalId);
    if (!resource)
      throw new StartFailure(`The stack ${stack.name} refers to ${logicalId}, which it does not have.`);
    return resource;
  }

  #importValue(name: string): unknown {
    for (const stack of this.#stacks.values()) {
      for (const { Value, Export } of Object.values(stack.outputs)) {
        if (Export && this.#resolve(Export.Name, stack) === name) return this.#resolve(Value, stack);
      }
    }
    throw new StartFailure(`No stack exports ${name}, which another one imports.`);
  }

  #sub(argument: unknown, stack: Stack): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Properties];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return String(this.#resolve(variables[name], stack));
      return String(name.includes('.') ? this.#getAtt(name, stack) : this.#ref(name, stack));
    });
  }
}
