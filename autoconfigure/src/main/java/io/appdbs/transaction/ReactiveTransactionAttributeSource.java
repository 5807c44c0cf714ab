package io.appdbs.transaction;

import java.lang.reflect.Method;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.interceptor.DelegatingTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;

/**
 * {@link TransactionAttributeSource} that names the blocking or the reactive transaction
 * manager of a database, depending on the method.
 *
 * @param attributes the attributes as they are declared
 * @param managers supplies the transaction managers, {@code null} if no database has a
 * reactive one
 * @param hasDefault whether a method without a name uses the default manager
 */
record ReactiveTransactionAttributeSource(TransactionAttributeSource attributes,
		Supplier<@Nullable ReactiveTransactionManagers> managers,
		BooleanSupplier hasDefault) implements TransactionAttributeSource {

	@Override
	public boolean isCandidateClass(Class<?> targetClass) {
		return this.attributes.isCandidateClass(targetClass);
	}

	@Override
	public boolean hasTransactionAttribute(Method method, @Nullable Class<?> targetClass) {
		return this.attributes.hasTransactionAttribute(method, targetClass);
	}

	@Override
	public @Nullable TransactionAttribute getTransactionAttribute(Method method, @Nullable Class<?> targetClass) {
		TransactionAttribute attribute = this.attributes.getTransactionAttribute(method, targetClass);
		ReactiveTransactionManagers managers = (attribute != null) ? this.managers.get() : null;
		String manager = (attribute != null && managers != null)
				? managers.findManager(attribute, method, targetClass, this.hasDefault.getAsBoolean()) : null;
		return (attribute != null && manager != null) ? new NamedAttribute(attribute, manager) : attribute;
	}

	/**
	 * An attribute with the name of another transaction manager.
	 */
	@SuppressWarnings("serial")
	private static final class NamedAttribute extends DelegatingTransactionAttribute {

		private final String manager;

		NamedAttribute(TransactionAttribute attribute, String manager) {
			super(attribute);
			this.manager = manager;
		}

		@Override
		public String getQualifier() {
			return this.manager;
		}

	}

}
