package io.appdbs.transaction;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionCallback;

/**
 * Work that may be done twice with the same effect as once. A database with retry runs it
 * again also after the connection was lost, when nobody knows whether the first attempt
 * has been committed. The declarative form is {@code @Transactional(label =
 * "idempotent")}.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface IdempotentTransactionCallback<T extends @Nullable Object> extends TransactionCallback<T> {

}
