import { Module } from '@nestjs/common';
import { DeviceSessions } from './devices/device-sessions';

/** What the server stores and hands on for encrypted rooms, without being able to read it. No other module imports it. */
@Module({
  providers: [DeviceSessions],
})
export class EncryptionModule {}
