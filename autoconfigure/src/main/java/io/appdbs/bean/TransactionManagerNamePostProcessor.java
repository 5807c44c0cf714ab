package io.appdbs.bean;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.ReactiveTransactionManagers;
import io.appdbs.transaction.TransactionRetryPostProcessor;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.Environment;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Checks the names of transaction managers in {@code @Transactional}: at the end of the
 * start, and for beans that are created later, on creation. Spring itself looks up a
 * manager on the first call of a method. Only beans with a transactional proxy are
 * checked, and each class once.
 */
final class TransactionManagerNamePostProcessor extends DeferredValidationPostProcessor<Advised> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final Set<List<Class<?>>> seen = ConcurrentHashMap.newKeySet();

	private final Set<String> knownNames = ConcurrentHashMap.newKeySet();

	TransactionManagerNamePostProcessor(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// a JDK proxy has the same class for all targets
		if (bean instanceof Advised advised && this.seen.add(List.of(bean.getClass(), AopUtils.getTargetClass(bean)))) {
			add(advised);
		}
		return bean;
	}

	@Override
	protected void validate(List<Advised> proxies, ConfigurationProblems problems) {
		Map<String, Set<String>> unknown = new LinkedHashMap<>();
		Map<String, Set<String>> blocking = new LinkedHashMap<>();
		for (Advised proxy : proxies) {
			for (Advisor advisor : proxy.getAdvisors()) {
				TransactionAttributeSource source = findSource(advisor);
				if (source != null) {
					collect(proxy, source, unknown, blocking);
				}
			}
		}
		unknown.forEach((name, places) -> report(name, list(places), problems));
		blocking.forEach((database, places) -> {
			String key = DatabaseDefinition.key(database, "mongo.reactive");
			problems.add(database, key, null,
					"@Transactional uses the database '%s' in methods with a reactive result, but '%s' is not true. Its transaction manager is blocking, and would commit before anything has subscribed to the result:%n%s"
						.formatted(database, key, list(places)),
					"Set '%s' to true and use the reactive beans in these methods, or remove the annotation."
						.formatted(key));
		});
	}

	private static String list(Set<String> places) {
		return places.stream().map("%n    %s"::formatted).collect(Collectors.joining());
	}

	private void report(String name, String places, ConfigurationProblems problems) {
		DisabledDatabase disabled = DisabledDatabase.findAll(this.environment).get(name);
		if (disabled != null) {
			problems
				.add(null, null, null,
						"@Transactional names the database '%s', which is disabled: %s It is used by:%n%s".formatted(
								name, disabled.reason(), places),
						disabled.advice() + ", or remove the annotation.")
				.in(TroubleshootingSection.INJECTION);
			return;
		}
		problems.add(null, null, null,
				"@Transactional names '%s', but no transaction manager has this qualifier or bean name. It is used by:%n%s"
					.formatted(name, places),
				"Correct the name, or define a TransactionManager bean with the qualifier '%s'. %s".formatted(name,
						KnownKeys.suggest(name, "names", findKnownNames())))
			.in(TroubleshootingSection.INJECTION);
	}

	/**
	 * The advice of other advisors is not requested, since that could create it.
	 */
	private static @Nullable TransactionAttributeSource findSource(Advisor advisor) {
		boolean created = advisor instanceof BeanFactoryTransactionAttributeSourceAdvisor
				|| advisor instanceof DefaultPointcutAdvisor;
		Advice advice = created ? advisor.getAdvice() : null;
		return (advice instanceof TransactionAspectSupport support && TransactionRetryPostProcessor.isStandard(advice))
				? support.getTransactionAttributeSource() : null;
	}

	private void collect(Advised proxy, TransactionAttributeSource source, Map<String, Set<String>> unknown,
			Map<String, Set<String>> blocking) {
		ReactiveTransactionManagers managers = this.beanFactory.getBeanProvider(ReactiveTransactionManagers.class)
			.getIfAvailable();
		Class<?> targetClass = AopUtils.getTargetClass(proxy);
		Set<Class<?>> types = new LinkedHashSet<>(List.of(proxy.getProxiedInterfaces()));
		types.addAll(ClassUtils.getAllInterfacesForClassAsSet(targetClass));
		types.add(ClassUtils.getUserClass(targetClass));
		for (Class<?> type : types) {
			ReflectionUtils.doWithMethods(type, (method) -> {
				TransactionAttribute attribute = source.getTransactionAttribute(method, targetClass);
				String name = (attribute != null) ? attribute.getQualifier() : null;
				String database = (attribute != null && managers != null)
						? managers.findBlockingDatabase(attribute, method, targetClass) : null;
				Stream<AnnotatedElement> annotated = Stream
					.concat(Stream.of(method, AopUtils.getMostSpecificMethod(method, targetClass)), types.stream());
				if (StringUtils.hasText(name) && !isKnown(name)) {
					unknown.computeIfAbsent(name, (key) -> new LinkedHashSet<>()).add(findPlace(annotated, type));
				}
				else if (database != null) {
					blocking.computeIfAbsent(database, (key) -> new TreeSet<>())
						.add(ClassUtils.getQualifiedMethodName(method, targetClass));
				}
			});
		}
	}

	/**
	 * Finds the annotated element, which may be in a superclass or an interface.
	 */
	private static String findPlace(Stream<? extends AnnotatedElement> annotated, Class<?> type) {
		return annotated
			.map((element) -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY)
				.get(Transactional.class)
				.getSource())
			.filter(Objects::nonNull)
			.map((source) -> (source instanceof Method method) ? ClassUtils.getQualifiedMethodName(method)
					: ((Class<?>) source).getName())
			.findFirst()
			.orElse(type.getName());
	}

	/**
	 * A database that a test excludes by {@code app.dbs-include} is known.
	 */
	private boolean isKnown(String name) {
		if (!this.knownNames.contains(name) && (isManager(name) || isEnabled(name))) {
			this.knownNames.add(name);
		}
		return this.knownNames.contains(name);
	}

	private boolean isEnabled(String name) {
		return DatabaseNames.getAll(this.environment).contains(name)
				&& !DisabledDatabase.findAll(this.environment).containsKey(name);
	}

	private boolean isManager(String name) {
		return findManagers(false).anyMatch((manager) -> isQualified(manager, name))
				|| (this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, TransactionManager.class))
				// as Spring does when the method is called
				|| findManagers(true).anyMatch((manager) -> isQualified(manager, name));
	}

	private boolean isQualified(String beanName, String name) {
		return UserBeans.isQualified(this.beanFactory, beanName, name::equals);
	}

	private Stream<String> findManagers(boolean eager) {
		return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TransactionManager.class,
				true, eager));
	}

	private List<String> findKnownNames() {
		List<String> databases = Stream
			.concat(DatabaseNames.get(this.environment).stream(),
					RouteSettingsBinder.getNames(this.environment).stream())
			.toList();
		Stream<String> others = findManagers(false)
			.filter((manager) -> !UserBeans.isQualified(this.beanFactory, manager, databases::contains));
		return Stream.concat(databases.stream(), others).toList();
	}

}
