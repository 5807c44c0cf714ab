package io.appdbs.engine.archive;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSqlArchiver}.
 */
class PostgreSqlArchiverTests {

	private static final long MEBIBYTE = 1024 * 1024;

	@ParameterizedTest
	@CsvSource({ "000000010000000000000001,33,16,false", "000000010000000000000001,32,16,false",
			"000000010000000000000001,47,16,false", "000000010000000000000001,48,16,true",
			"0000000100000000000000FF,4097,16,false", "0000000100000000000000FF,4113,16,true",
			"000000020000000100000000,4113,16,false", "000000010000000000000003,256,64,false",
			"000000010000000000000002,256,64,true", "000000010000000000000001.00000028.backup,48,16,true",
			"000000010000000000000001.partial,33,16,false", "00000002.history,480,16,false", ",480,16,false" })
	void aCompleteSegmentAfterTheLastOneIsWaiting(@Nullable String last, long position, long size, boolean waiting) {
		assertThat(PostgreSqlArchiver.isWaiting(last, position * MEBIBYTE, size * MEBIBYTE)).isEqualTo(waiting);
	}

}
