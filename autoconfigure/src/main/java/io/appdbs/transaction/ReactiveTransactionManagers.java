package io.appdbs.transaction;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * The transaction managers of MongoDB databases: each database has a blocking one, and a
 * database with reactive beans also has a reactive one. The return type of a method
 * decides between them.
 */
public final class ReactiveTransactionManagers {

	private static final boolean reactiveStreamsPresent = ClassUtils.isPresent("org.reactivestreams.Publisher",
			ReactiveTransactionManagers.class.getClassLoader());

	private final Map<String, String> blocking;

	private final Map<String, String> reactive;

	private final String defaultDatabase;

	private final ListableBeanFactory beanFactory;

	/** The qualifiers of classes, empty if they are not those of a manager. */
	private final Map<Class<?>, String> qualifiers = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link ReactiveTransactionManagers}.
	 * @param blocking the bean names of the blocking managers, by database
	 * @param reactive the bean names of the reactive managers, by database
	 * @param defaultDatabase the database whose manager {@code @Transactional} without a
	 * name gets, empty if it is none of these
	 * @param beanFactory knows the beans and their aliases
	 */
	public ReactiveTransactionManagers(Map<String, String> blocking, Map<String, String> reactive,
			String defaultDatabase, ListableBeanFactory beanFactory) {
		this.blocking = Map.copyOf(blocking);
		this.reactive = Map.copyOf(reactive);
		this.defaultDatabase = defaultDatabase;
		this.beanFactory = beanFactory;
	}

	/**
	 * Finds the manager that a method needs in place of the one that Spring looks up.
	 * @return the name of its bean or {@code null} if Spring finds it
	 */
	@Nullable String findManager(TransactionAttribute attribute, Method method, @Nullable Class<?> targetClass,
			boolean hasDefault) {
		if (this.reactive.isEmpty()) {
			return null;
		}
		String name = findName(attribute, targetClass);
		boolean isReactive = isReactive(method);
		String database = (isReactive || this.reactive.containsKey(name)) ? findDatabase(name, hasDefault) : null;
		return (database == null || !this.reactive.containsKey(database)) ? null
				: (isReactive ? this.reactive : this.blocking).get(database);
	}

	/**
	 * Finds the database whose blocking manager a reactive method would use. Its
	 * transaction would end before anything has subscribed to the result.
	 * @param attribute the attribute of the method
	 * @param method the method
	 * @param targetClass the class of the bean
	 * @return the name of the database or {@code null} if there is no such problem
	 */
	public @Nullable String findBlockingDatabase(TransactionAttribute attribute, Method method,
			@Nullable Class<?> targetClass) {
		String database = isReactive(method) ? findDatabase(findName(attribute, targetClass), true) : null;
		return (database != null && !this.reactive.containsKey(database)) ? database : null;
	}

	/**
	 * Returns the name in {@code @Transactional} or, if there is none, the qualifier of
	 * the class if a transaction manager has it.
	 */
	private String findName(TransactionAttribute attribute, @Nullable Class<?> targetClass) {
		String name = attribute.getQualifier();
		if (StringUtils.hasText(name)) {
			return name;
		}
		return (targetClass != null) ? this.qualifiers.computeIfAbsent(targetClass, this::findQualifier) : "";
	}

	private String findQualifier(Class<?> type) {
		String qualifier = BeanFactoryAnnotationUtils.getQualifierValue(type);
		return (qualifier != null && Stream
			.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TransactionManager.class, true,
					false))
			.anyMatch((manager) -> BeanFactoryAnnotationUtils.isQualifierMatch(qualifier::equals, manager,
					this.beanFactory))) ? qualifier : "";
	}

	private @Nullable String findDatabase(String name, boolean hasDefault) {
		if (name.isEmpty()) {
			return (hasDefault && !this.defaultDatabase.isEmpty()) ? this.defaultDatabase : null;
		}
		if (this.blocking.containsKey(name)) {
			return name;
		}
		return this.blocking.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(name)
					|| List.of(this.beanFactory.getAliases(entry.getValue())).contains(name))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns whether a method only describes its work, which begins when something
	 * subscribes to the result.
	 */
	private static boolean isReactive(Method method) {
		if (!reactiveStreamsPresent) {
			return false;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
		return (adapter != null && adapter.getDescriptor().isDeferred()) || KotlinDetector.isSuspendingFunction(method);
	}

}
