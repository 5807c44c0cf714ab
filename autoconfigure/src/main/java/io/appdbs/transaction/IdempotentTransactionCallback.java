package io.appdbs.transaction;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionCallback;

/**
 * {@link TransactionCallback} for work that may be done twice with the same effect as
 * once. If retry is enabled, it is also retried after the connection was lost and it is
 * unknown whether the first attempt was committed. The declarative form is
 * {@code @Transactional(label = "idempotent")}.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface IdempotentTransactionCallback<T extends @Nullable Object> extends TransactionCallback<T> {

}
