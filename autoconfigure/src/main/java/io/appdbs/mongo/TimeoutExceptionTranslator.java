package io.appdbs.mongo;

import com.mongodb.MongoOperationTimeoutException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.mongodb.core.MongoExceptionTranslator;

/**
 * Translates the failure of an operation that reached its time limit, which Spring Data
 * does not categorize, as that of a statement is translated.
 */
public final class TimeoutExceptionTranslator extends MongoExceptionTranslator {

	@Override
	public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException failure) {
		return (failure instanceof MongoOperationTimeoutException)
				? new QueryTimeoutException(failure.getMessage(), failure)
				: super.translateExceptionIfPossible(failure);
	}

}
