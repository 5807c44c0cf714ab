package io.appdbs.engine;

import java.io.IOException;
import java.sql.SQLException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Causes}.
 */
class CausesTests {

	@Test
	void theOutermostExceptionComesFirst() {
		IOException inner = new IOException("inner");
		SQLException outer = new SQLException("outer", inner);
		assertThat(Causes.of(outer)).containsExactly(outer, inner);
		assertThat(Causes.of(null)).isEmpty();
		assertThat(Causes.find(IOException.class, outer)).isSameAs(inner);
		assertThat(Causes.find(IllegalStateException.class, outer)).isNull();
	}

	@Test
	void aCircularChainEnds() {
		SQLException outer = new SQLException("outer");
		SQLException inner = new SQLException("inner", outer);
		outer.initCause(inner);
		assertThat(Causes.of(outer)).containsExactly(outer, inner);
	}

	@Test
	void otherExceptionsAreIncludedOnRequest() {
		SQLException next = new SQLException("next");
		SQLException failure = new SQLException("first", new IOException("cause"));
		failure.setNextException(next);
		assertThat(Causes.of(failure, (each) -> (each instanceof SQLException ex)
				? Stream.ofNullable(ex.getNextException()) : Stream.empty()))
			.containsExactly(failure, next, failure.getCause());
	}

}
