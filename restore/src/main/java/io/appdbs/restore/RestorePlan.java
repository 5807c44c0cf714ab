package io.appdbs.restore;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.restore.program.Programs;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a check.
 *
 * @param name the name of the database in the application
 * @param database the name of the database in the backup
 * @param source the backup
 * @param target the server to restore a dump into or {@code null}
 * @param roles the roles to create
 * @param environment the additional environment variables of commands
 * @param programs the programs of servers
 * @param superuser the superuser of a restored cluster
 * @param timeout the maximum duration
 * @param checks the checks
 * @param report the file to report to or {@code null}
 */
record RestorePlan(String name, String database, BackupSource source, @Nullable RestoreTarget target,
		List<String> roles, Map<String, String> environment, Programs programs, String superuser, Duration timeout,
		List<DatabaseCheck> checks, @Nullable Path report) {
}
