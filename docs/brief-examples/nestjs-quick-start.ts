import { Module } from '@nestjs/common';
import { UsageFlowModule } from '@usageflow/nestjs';
@Module({
imports: [
UsageFlowModule.forRoot({
apiKey: 'YOUR_API_KEY',
routes: [{ method: '*', url: '*' }],
whitelistRoutes: [{ method: 'GET', url: '/api/health' }],
}),
],
})
export class AppModule {}
