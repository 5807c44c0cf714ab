package io.appdbs.restore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * Finds data that is too old.
 *
 * @param query the query of a point in time
 * @param maxAge the maximum age
 * @param clock the clock
 */
record FreshnessCheck(String query, Duration maxAge, Clock clock) implements DatabaseCheck.Body {

	@Override
	public void check(RestoredDatabase database) throws SQLException {
		Instant newest = database.sql().first(this.query, FreshnessCheck::read);
		if (newest == null) {
			database.log()
				.addFinding("The query '" + this.query + "' returns no point in time. Expected: one that is at most "
						+ this.maxAge + " ago.");
			return;
		}
		Duration age = Duration.between(newest, this.clock.instant()).truncatedTo(ChronoUnit.SECONDS);
		if (age.compareTo(this.maxAge) > 0) {
			database.log()
				.addFinding(
						"The data is too old: '" + this.query + "' returns " + newest.truncatedTo(ChronoUnit.SECONDS)
								+ ", " + age + " ago. Expected: at most " + this.maxAge + ".");
		}
	}

	private static @Nullable Instant read(ResultSet row) throws SQLException {
		int type = row.getMetaData().getColumnType(1);
		boolean withZone = type == Types.TIMESTAMP_WITH_TIMEZONE
				|| row.getMetaData().getColumnTypeName(1).equalsIgnoreCase("timestamptz");
		if (withZone) {
			OffsetDateTime time = row.getObject(1, OffsetDateTime.class);
			return (time != null) ? time.toInstant() : null;
		}
		LocalDateTime time = row.getObject(1, LocalDateTime.class);
		return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
	}

}
