export { type ConformanceCheck, expectThat, thrownBy } from './conformance.ts';
export { type DeviceClassUnderTest, type DeviceUnderTest, deviceChecks } from './device-conformance.ts';
export { type CallLog, FakeAxis, FakeCamera, FakeDetector, FakeXYStage } from './fake-devices.ts';
export { HANGING_VERBS, HangingDevice, type HangingVerb } from './hanging-device.ts';
export { ManualClock } from './manual-clock.ts';
export { MemoryWriter, type StoredFrame } from './memory-writer.ts';
export { type EngineRecording, recordingEngine } from './recording-engine.ts';
export { createTestContext, inProcessWorker, type TestContext, type TestContextOptions } from './test-context.ts';
export { type WriterUnderTest, writerChecks } from './writer-conformance.ts';
