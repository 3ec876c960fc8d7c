import type { WordTable } from './imported.ts';

/**
 * Types of collected data: Apple, "Describing data use in privacy manifests".
 * The prefix `NSPrivacyCollectedDataType` is left out.
 */
export const APPLE_DATA: WordTable = {
  AudioData: { data: ['microphone'] },
  BrowsingHistory: { data: ['browser.history'] },
  CoarseLocation: { data: ['location'] },
  Contacts: { data: ['people'] },
  CrashData: { data: ['host.profile'] },
  CreditInfo: { data: ['wallet'] },
  CustomerSupport: { data: ['people'] },
  DeviceID: { data: ['device.id'] },
  EmailAddress: { data: ['people'] },
  EmailsOrTextMessages: { data: ['people'] },
  EnvironmentScanning: { data: ['camera'] },
  Fitness: { data: ['content.view'] },
  GameplayContent: { data: ['content.view'] },
  Hands: { data: ['camera'] },
  Head: { data: ['camera'] },
  Health: { data: ['content.view'] },
  Name: { data: ['people'] },
  OtherDataTypes: { data: ['file.any'] },
  OtherDiagnosticData: { data: ['host.profile', 'net.profile'] },
  OtherFinancialInfo: { data: ['wallet'] },
  OtherUsageData: { data: ['host.profile'] },
  OtherUserContactInfo: { data: ['people'] },
  OtherUserContent: {
    data: ['file.user', 'content.view', 'clipboard.read', 'input.keys', 'screen'],
  },
  PaymentInfo: { data: ['wallet'] },
  PerformanceData: { data: ['host.profile'] },
  PhoneNumber: { data: ['people'] },
  PhotosorVideos: { data: ['camera', 'file.user'] },
  PhysicalAddress: { data: ['people'] },
  PreciseLocation: { data: ['location'] },
  ProductInteraction: { data: ['host.profile'] },
  PurchaseHistory: { data: ['wallet'] },
  SearchHistory: { data: ['browser.history'] },
  SensitiveInfo: { data: ['content.view'] },
  UserID: { data: ['people'] },
};

/** Required-reason APIs; the prefix `NSPrivacyAccessedAPICategory` is left out. */
export const APPLE_APIS: WordTable = {
  ActiveKeyboards: { data: ['host.profile'] },
  DiskSpace: { data: ['host.profile'] },
  FileTimestamp: { data: ['file.enumerate'] },
  SystemBootTime: { data: ['host.profile'] },
  UserDefaults: { data: ['file.any'] },
};
