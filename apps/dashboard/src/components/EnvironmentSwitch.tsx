import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answered } from '../api/client.ts'
import { type Environment, useEnvironment } from '../api/environment.tsx'
import { pathsOf } from '../paths.ts'
import { Time } from '../ui/values.tsx'
import classes from './EnvironmentSwitch.module.css'

const CLOCK_ASKED_MS = 15_000

/** The clock of an environment: of a test environment it may have been moved. */
export function clockQuery({ api, key }: Environment) {
  return {
    queryKey: [...key, 'clock'],
    queryFn: () => answered(api.GET('/api/v1/clock')),
    refetchInterval: CLOCK_ASKED_MS,
  }
}

/** Live or test: what is done in one is not seen in the other. */
export function EnvironmentSwitch() {
  const { organizationId, mode } = useEnvironment()
  return (
    <div>
      <div className={classes.switch}>
        {(['live', 'test'] as const).map((other) => (
          <Link
            key={other}
            to={pathsOf({ organizationId, mode: other }).overview}
            className={classes.mode}
            data-mode={other}
            data-here={other === mode || undefined}
            aria-current={other === mode ? 'true' : undefined}
          >
            <span className={classes.dot} aria-hidden />
            {other === 'live' ? 'Live' : 'Test'}
          </Link>
        ))}
      </div>
      {mode === 'test' && <TestClock />}
    </div>
  )
}

function TestClock() {
  const environment = useEnvironment()
  const { data } = useQuery(clockQuery(environment))
  return (
    <Link to={environment.paths.settings} className={classes.clock}>
      {data ? (
        <>
          {data.isMoving && 'Moving: '}
          <Time at={data.now} exact />
        </>
      ) : (
        '\u00a0'
      )}
    </Link>
  )
}
