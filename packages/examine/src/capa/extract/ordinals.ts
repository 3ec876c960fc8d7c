/**
 * Names of functions that programs import by number, from libraries whose
 * numbers never change.
 *
 * Source: Windows SDK, WS2_32.Lib and OleAut32.Lib; Wine, dlls/ws2_32 and
 * dlls/oleaut32 `.spec`.
 */
const WINSOCK: Readonly<Record<number, string>> = {
  1: 'accept',
  2: 'bind',
  3: 'closesocket',
  4: 'connect',
  5: 'getpeername',
  6: 'getsockname',
  7: 'getsockopt',
  8: 'htonl',
  9: 'htons',
  10: 'ioctlsocket',
  11: 'inet_addr',
  12: 'inet_ntoa',
  13: 'listen',
  14: 'ntohl',
  15: 'ntohs',
  16: 'recv',
  17: 'recvfrom',
  18: 'select',
  19: 'send',
  20: 'sendto',
  21: 'setsockopt',
  22: 'shutdown',
  23: 'socket',
  51: 'gethostbyaddr',
  52: 'gethostbyname',
  53: 'getprotobyname',
  54: 'getprotobynumber',
  55: 'getservbyname',
  56: 'getservbyport',
  57: 'gethostname',
  101: 'WSAAsyncSelect',
  102: 'WSAAsyncGetHostByAddr',
  103: 'WSAAsyncGetHostByName',
  104: 'WSAAsyncGetProtoByNumber',
  105: 'WSAAsyncGetProtoByName',
  106: 'WSAAsyncGetServByPort',
  107: 'WSAAsyncGetServByName',
  108: 'WSACancelAsyncRequest',
  109: 'WSASetBlockingHook',
  110: 'WSAUnhookBlockingHook',
  111: 'WSAGetLastError',
  112: 'WSASetLastError',
  113: 'WSACancelBlockingCall',
  114: 'WSAIsBlocking',
  115: 'WSAStartup',
  116: 'WSACleanup',
  151: '__WSAFDIsSet',
};

const AUTOMATION: Readonly<Record<number, string>> = {
  2: 'SysAllocString',
  3: 'SysReAllocString',
  4: 'SysAllocStringLen',
  5: 'SysReAllocStringLen',
  6: 'SysFreeString',
  7: 'SysStringLen',
  8: 'VariantInit',
  9: 'VariantClear',
  10: 'VariantCopy',
  11: 'VariantCopyInd',
  12: 'VariantChangeType',
  15: 'SafeArrayCreate',
  16: 'SafeArrayDestroy',
  17: 'SafeArrayGetDim',
  18: 'SafeArrayGetElemsize',
  19: 'SafeArrayGetUBound',
  20: 'SafeArrayGetLBound',
  21: 'SafeArrayLock',
  22: 'SafeArrayUnlock',
  23: 'SafeArrayAccessData',
  24: 'SafeArrayUnaccessData',
  25: 'SafeArrayGetElement',
  26: 'SafeArrayPutElement',
  149: 'SysStringByteLen',
  150: 'SysAllocStringByteLen',
  161: 'LoadTypeLib',
  162: 'LoadRegTypeLib',
  163: 'RegisterTypeLib',
  200: 'GetErrorInfo',
  201: 'SetErrorInfo',
  202: 'CreateErrorInfo',
  411: 'SafeArrayCreateVector',
};

const TABLES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  ws2_32: WINSOCK,
  wsock32: WINSOCK,
  oleaut32: AUTOMATION,
};

/** `ws2_32`, `#23` → `socket`; undefined where the number says nothing. */
export function ordinalName(library: string, ordinal: string): string | undefined {
  return TABLES[library]?.[Number(ordinal.slice(1))];
}
