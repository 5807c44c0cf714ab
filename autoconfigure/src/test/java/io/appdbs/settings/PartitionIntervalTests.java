package io.appdbs.settings;

import java.time.LocalDateTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PartitionInterval}.
 */
class PartitionIntervalTests {

	@ParameterizedTest
	@CsvSource({ "day, 1 day", "1 day, 1 day", "2 Days, 2 days", " week , 1 week", "3 months, 3 months",
			"366   years, 366 years", "month, 1 month" })
	void isParsed(String text, String interval) {
		assertThat(PartitionInterval.parse(text)).hasToString(interval);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "0 days", "367 days", "-1 day", "1", "1d", "1day", "quarter", "P1M", "1 month 2",
			"1.5 months", "hour", "dayss", "1000 days" })
	void isNotParsedIfMalformed(String text) {
		assertThat(PartitionInterval.parse(text)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "day, 2026-12-31T23:59:59, 2026-12-31, 2027-01-01, p2026_12_31",
			"2 days, 1970-01-02T00:00, 1970-01-01, 1970-01-03, p1970_01_01",
			"2 days, 1969-12-31T00:00, 1969-12-30, 1970-01-01, p1969_12_30",
			"week, 2026-12-31T10:00, 2026-12-28, 2027-01-04, p2026_w53",
			"week, 2027-01-04T00:00, 2027-01-04, 2027-01-11, p2027_w01",
			"2 weeks, 1970-01-18T10:00, 1970-01-05, 1970-01-19, p1970_w02",
			"month, 2028-02-29T12:00, 2028-02-01, 2028-03-01, p2028_02",
			"3 months, 2026-12-31T12:00, 2026-10-01, 2027-01-01, p2026_10",
			"5 months, 2026-12-31T12:00, 2026-09-01, 2027-02-01, p2026_09",
			"year, 2026-12-31T12:00, 2026-01-01, 2027-01-01, p2026",
			"10 years, 2026-12-31T12:00, 2020-01-01, 2030-01-01, p2020" })
	void hasBoundsAndALabel(String text, LocalDateTime time, String begin, String end, String label) {
		PartitionInterval interval = PartitionInterval.parse(text);
		assertThat(interval).isNotNull();
		assertThat(interval.floor(time)).isEqualTo(begin + "T00:00");
		assertThat(interval.next(time)).isEqualTo(end + "T00:00");
		assertThat(interval.label(interval.floor(time))).isEqualTo(label);
	}

	@Test
	void aBeginningWithinAnIntervalIsPartOfTheLabel() {
		PartitionInterval month = PartitionInterval.parse("month");
		assertThat(month).isNotNull();
		assertThat(month.label(LocalDateTime.parse("2027-01-15T00:00"))).isEqualTo("p2027_01_15");
		assertThat(month.label(LocalDateTime.parse("2027-01-15T06:30:05"))).isEqualTo("p2027_01_15_063005");
	}

	@ParameterizedTest
	@CsvSource({ "1 month, 1 month, true", "1 month, 30 days, false", "1 month, 28 days, true",
			"1 month, 4 weeks, true", "31 days, 1 month, true", "30 days, 1 month, false", "12 months, 1 year, true",
			"11 months, 1 year, false", "1 year, 12 months, true", "1 year, 13 months, false", "366 days, 1 year, true",
			"365 days, 1 year, false", "2 weeks, 14 days, true", "2 weeks, 15 days, false", "1 year, 365 days, true",
			"1 year, 52 weeks, true" })
	void isComparedByItsShortestLength(String longer, String shorter, boolean atLeast) {
		PartitionInterval interval = PartitionInterval.parse(longer);
		PartitionInterval other = PartitionInterval.parse(shorter);
		assertThat(interval).isNotNull();
		assertThat(other).isNotNull();
		assertThat(interval.isAtLeast(other)).isEqualTo(atLeast);
	}

}
