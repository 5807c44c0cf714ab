package io.appdbs.testcontainers;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * Auto-configuration of the databases in containers that are annotated with
 * {@link DatabaseContainer}.
 */
@AutoConfiguration(before = DatabasesAutoConfiguration.class)
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE)
@Import(DatabaseContainersRegistrar.class)
public final class DatabaseContainersAutoConfiguration {

}
