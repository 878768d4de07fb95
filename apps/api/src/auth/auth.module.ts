import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { UsersModule } from '../users/users.module';
import { AccountController } from './account.controller';
import { AccountService } from './account.service';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { GuestUpkeep } from './guest-upkeep';
import { PasswordGate } from './password-gate';
import { PasswordReset } from './password-reset';
import { Passwords } from './passwords';

@Module({
  imports: [ContactsModule, UsersModule],
  controllers: [AuthController, AccountController],
  providers: [AccountService, AuthService, GuestUpkeep, PasswordGate, PasswordReset, Passwords],
})
export class AuthModule {}
