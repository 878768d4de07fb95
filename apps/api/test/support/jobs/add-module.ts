import type { Type } from '@nestjs/common';
import { AppModule } from '../../../src/app.module';

/** Adds a module to all servers that this process starts from now on, as a feature of its own. */
export function addModule(module: Type): void {
  const withConfig = AppModule.withConfig.bind(AppModule);
  AppModule.withConfig = (config) => {
    const { imports = [], ...app } = withConfig(config);
    return { ...app, imports: [...imports, module] };
  };
}
