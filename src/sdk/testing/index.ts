export { type CallLog, FakeAxis, FakeCamera, FakeDetector, FakeXYStage } from './fake-devices.ts';
export { ManualClock } from './manual-clock.ts';
export { MemoryWriter, type StoredFrame } from './memory-writer.ts';
export { type EngineRecording, recordingEngine } from './recording-engine.ts';
export { createTestContext, inProcessWorker, type TestContext, type TestContextOptions } from './test-context.ts';
