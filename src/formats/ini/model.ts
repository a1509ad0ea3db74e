/** What an INI file says, apart from how it is written: the thing that is compared before and after an edit. */
import type { IniFile, IniProperty } from './syntax.ts';

export interface IniModel {
  readonly globals: PropertyModel[];
  readonly sections: { readonly name: string; readonly properties: PropertyModel[] }[];
}

export interface PropertyModel {
  readonly name: string;
  value: string;
  readonly children: PropertyModel[];
}

export function modelOf(file: IniFile): IniModel {
  const sections = file.sections.map(({ name, properties }) => ({ name, properties: properties.map(propertyModelOf) }));
  return { globals: file.globals.map(propertyModelOf), sections };
}

function propertyModelOf({ name, value, children }: IniProperty): PropertyModel {
  return { name, value, children: children.map(propertyModelOf) };
}

export function sameModel(a: IniModel, b: IniModel): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
