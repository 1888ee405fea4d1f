export { ManualClock } from './manual-clock.ts';
export { MemoryWriter, type StoredFrame } from './memory-writer.ts';
export { createTestContext, inProcessWorker, type TestContext, type TestContextOptions } from './test-context.ts';
