package io.appdbs.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration that protects the databases from {@code @AutoConfigureTestDatabase},
 * which some test slices include.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class)
@ConditionalOnDatabases
@Import(TestDatabaseReplacementGuard.class)
public final class DatabaseTestDatabaseAutoConfiguration {

}
