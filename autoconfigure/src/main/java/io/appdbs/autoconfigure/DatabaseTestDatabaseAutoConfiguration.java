package io.appdbs.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what {@code @AutoConfigureTestDatabase}, and so each slice that
 * has it, leaves of the databases.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class)
@ConditionalOnDatabases
@Import(TestDatabaseReplacementGuard.class)
public final class DatabaseTestDatabaseAutoConfiguration {

}
