import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { UsersModule } from '../users/users.module';
import { AccountController } from './account.controller';
import { AccountService } from './account.service';
import { AuthController } from './auth.controller';
import { AuthGateway } from './auth.gateway';
import { AuthService } from './auth.service';
import { GuestCleanup } from './guest-cleanup';
import { PasswordHasher } from './password-hasher';
import { PasswordReset } from './password-reset';
import { PasswordVerifier } from './password-verifier';

@Module({
  imports: [ContactsModule, UsersModule],
  controllers: [AuthController, AccountController],
  providers: [AccountService, AuthService, AuthGateway, GuestCleanup, PasswordVerifier, PasswordReset, PasswordHasher],
})
export class AuthModule {}
