package io.appdbs.bean.jpa;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.Route;
import io.appdbs.transaction.SelectingTransactionManager;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.util.ClassUtils;

/**
 * Transaction manager of the persistence unit of a route. The entities that a transaction
 * has loaded belong to its database, so they must not be found after another one has been
 * selected, without a statement that would fail.
 */
@SuppressWarnings("serial")
final class RoutedJpaTransactionManager extends NamedJpaTransactionManager implements SelectingTransactionManager {

	/** What the end of a transaction needs, and what reads no entity. */
	private static final Set<String> UNCHECKED = Set.of("close", "isOpen", "getTransaction", "unwrap", "clear",
			"getEntityManagerFactory", "getFlushMode", "setFlushMode", "equals", "hashCode", "toString");

	private final transient Route route;

	RoutedJpaTransactionManager(Route route, EntityManagerFactory factory) {
		super(route::describe, factory, null, false);
		this.route = route;
	}

	@Override
	public @Nullable String findDatabase() {
		return this.route.findSelected();
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			throw (ex.getCause() instanceof DatabaseSelectionException selection) ? selection : ex;
		}
	}

	@Override
	protected EntityManager createEntityManagerForTransaction() {
		String database = this.route.getSelected();
		EntityManager target = super.createEntityManagerForTransaction();
		ClassLoader classLoader = target.getClass().getClassLoader();
		return (EntityManager) Proxy.newProxyInstance(classLoader,
				ClassUtils.getAllInterfacesForClass(target.getClass(), classLoader), (proxy, method, args) -> {
					if (!UNCHECKED.contains(method.getName())) {
						this.route.check(database);
					}
					if (method.getName().equals("equals")) {
						return proxy == args[0];
					}
					try {
						return method.invoke(target, args);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
