package io.appdbs.engine.inspection;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.stream.Stream;

import io.appdbs.inspection.ReportStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link CockroachDbInspector}.
 */
class CockroachDbInspectorTests {

	private static final CockroachDbInspector inspector = new CockroachDbInspector();

	/**
	 * There is no connection, so that nothing can be asked.
	 */
	private final InspectionContext context = new InspectionContext(Mockito.mock(), null, 50, Duration.ZERO, 0,
			new HashMap<>());

	@ParameterizedTest
	@MethodSource("readers")
	void nothingIsReportedAsIfItWasInOrder(Reader reader) throws SQLException {
		inspector.limit(this.context.connection(), Duration.ofSeconds(2), Duration.ofMillis(100));
		InspectionException failure = catchThrowableOfType(InspectionException.class, () -> reader.read(this.context));
		assertThat((Throwable) failure).isNotNull();
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED);
		assertThat(failure).message()
			.startsWith("CockroachDB does not report ")
			.contains(": it has the views of PostgreSQL's statistics, but they are empty. Use ");
		Mockito.verifyNoInteractions(this.context.connection());
	}

	static Stream<Reader> readers() {
		Stream<Reader> topics = Stream.of(inspector::readSize, inspector::readTables, inspector::readIndexes,
				inspector::readActivity, inspector::readStatements, inspector::readUnusedIndexes);
		return Stream.concat(topics, inspector.getChecks().stream().map((check) -> check.reader()::read));
	}

	/**
	 * Reads something.
	 */
	interface Reader {

		void read(InspectionContext context) throws SQLException;

	}

}
