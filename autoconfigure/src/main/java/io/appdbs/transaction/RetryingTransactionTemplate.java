package io.appdbs.transaction;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;

/**
 * {@link TransactionTemplate} that retries transactions after a conflict.
 */
@SuppressWarnings("serial")
final class RetryingTransactionTemplate extends TransactionTemplate {

	private final transient Supplier<@Nullable TransactionRetry> retry;

	RetryingTransactionTemplate(PlatformTransactionManager manager, Supplier<@Nullable TransactionRetry> retry) {
		super(manager);
		this.retry = retry;
	}

	@Override
	public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
		TransactionRetry retry = this.retry.get();
		if (retry == null || !retry.isEnabled()) {
			return super.execute(action);
		}
		if (!retry.isOutermost(this)) {
			return participate(retry, action);
		}
		PlatformTransactionManager manager = getTransactionManager();
		Assert.state(manager != null, "No PlatformTransactionManager set");
		TransactionAttempts attempts = retry.newAttempts(manager, this, action instanceof IdempotentTransactionCallback,
				(failure) -> false);
		try {
			return attempts.run(() -> attempt(manager, attempts, action));
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new UndeclaredThrowableException(ex);
		}
	}

	private <T extends @Nullable Object> T participate(TransactionRetry retry, TransactionCallback<T> action) {
		try {
			return super.execute(action);
		}
		catch (RuntimeException | Error ex) {
			TransactionAttempts.failedWithin(retry, ex);
			throw ex;
		}
	}

	private <T extends @Nullable Object> T attempt(PlatformTransactionManager manager, TransactionAttempts attempts,
			TransactionCallback<T> action) {
		TransactionTemplate template = new TransactionTemplate(manager, this);
		template.setTimeout(attempts.getRemainingTimeout(getTimeout()));
		return template.execute((status) -> {
			attempts.begun(status);
			try {
				return action.doInTransaction(status);
			}
			catch (Throwable ex) {
				TransactionRetry.rollsBack(ex);
				throw ex;
			}
		});
	}

}
