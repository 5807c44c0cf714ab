package io.appdbs.engine.archive;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Archiving of PostgreSQL, whose statistics every login may read. A standby does not
 * archive unless {@code archive_mode} is {@code always}, and its position is that of
 * another server.
 */
public final class PostgreSqlArchiver implements Archiver {

	private static final String QUERY = """
			SELECT now(), CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() - '0/0'::pg_lsn END::bigint,
			pg_size_bytes(current_setting('wal_segment_size')), last_archived_wal, last_archived_time, last_failed_time
			FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()""";

	/** Timeline, and the two parts of the number; a backup adds a label. */
	private static final Pattern SEGMENT = Pattern.compile("\\p{XDigit}{8}(\\p{XDigit}{8})(\\p{XDigit}{8})(\\..*)?");

	private static final long BYTES_PER_PART = 1L << 32;

	@Override
	public @Nullable ArchiverReading read(Connection connection) throws SQLException {
		return SqlQueries.query(connection, QUERY, PostgreSqlArchiver::toReading).stream().findFirst().orElse(null);
	}

	private static ArchiverReading toReading(ResultSet row) throws SQLException {
		long position = row.getLong(2);
		return new ArchiverReading(row.getObject(1, OffsetDateTime.class).toInstant(), position,
				isWaiting(row.getString(4), position, row.getLong(3)), toInstant(row, 5), toInstant(row, 6));
	}

	private static @Nullable Instant toInstant(ResultSet row, int column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * Returns whether there is a complete segment after the one that was archived last.
	 */
	static boolean isWaiting(@Nullable String lastArchived, long position, long segmentSize) {
		Matcher matcher = SEGMENT.matcher((lastArchived != null) ? lastArchived : "");
		if (!matcher.matches()) {
			return false;
		}
		long number = Long.parseLong(matcher.group(1), 16) * (BYTES_PER_PART / segmentSize)
				+ Long.parseLong(matcher.group(2), 16);
		return number < position / segmentSize - 1;
	}

}
