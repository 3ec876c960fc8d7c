/**
 * Ids of COM classes and interfaces that rules name, in the form in which
 * Windows prints them (MS-DTYP 2.3.4.3). A name that is not here makes its rule
 * unsupported.
 *
 * Source: Windows SDK, Wbemcli.h, strmif.h, uuids.h, ShObjIdl.h, ExDisp.h,
 * taskschd.h, netfw.h, mshtml.h.
 */
const CLASSES: Readonly<Record<string, string>> = {
  CVidCapClassManager: '860BB310-5D01-11D0-BD3B-00A0C911CE86',
  CWaveinClassManager: '33D9A762-90C8-11D0-BD43-00A0C911CE86',
  InternetExplorer: '0002DF01-0000-0000-C000-000000000046',
  NetFwPolicy2: 'E2B3C97F-6AE1-41AC-817A-F6F92166D7DD',
  ShellLink: '00021401-0000-0000-C000-000000000046',
  SystemDeviceEnum: '62BE5D10-60EB-11D0-BD3B-00A0C911CE86',
  TaskScheduler: '0F87369F-A4E5-4CFC-BD3E-73E6154572DD',
  WbemLocator: '4590F811-1D3A-11D0-891F-00AA004B2E24',
};

const INTERFACES: Readonly<Record<string, string>> = {
  ICreateDevEnum: '29840822-5B84-11D0-BD3B-00A0C911CE86',
  INetFwPolicy2: '98325047-C671-4174-8D81-DEFCD3F03186',
  IPersistFile: '0000010B-0000-0000-C000-000000000046',
  IShellLinkA: '000214EE-0000-0000-C000-000000000046',
  IShellLinkW: '000214F9-0000-0000-C000-000000000046',
  ITaskService: '2FABA4C7-4DA9-4013-9697-20CC3FD40F85',
  IWbemLocator: 'DC12A687-737F-11CF-884D-00AA004B2E24',
  IWebBrowser2: 'D30C1661-CDAF-11D0-8A3E-00C04FC9E26E',
};

/** The id of a class or interface; undefined for a name that is not known here. */
export function comId(of: 'class' | 'interface', name: string): string | undefined {
  const table = of === 'class' ? CLASSES : INTERFACES;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The bytes of an id in memory, in hex: the first three groups little-endian. */
export function comBytes(id: string): string {
  const [first, second, third, ...rest] = id.toLowerCase().split('-');
  return [...[first!, second!, third!].map(turned), ...rest].join('');
}

function turned(group: string): string {
  return (group.match(/../g) ?? []).reverse().join('');
}
