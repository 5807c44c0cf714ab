package io.appdbs.bean.jpa;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.hibernate.resource.beans.container.spi.BeanContainer;
import org.hibernate.resource.beans.container.spi.ContainedBean;
import org.hibernate.resource.beans.spi.BeanInstanceProducer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The attribute converters, entity listeners and similar objects of a persistence unit,
 * which are injected as beans are. None is created on the thread that builds the unit.
 *
 * @param delegate creates the objects
 * @param executor builds the unit
 * @param beanFactory the beans
 * @param prepared the objects that exist before the unit is built
 */
record PersistenceUnitBeanContainer(BeanContainer delegate, PersistenceUnitExecutor executor,
		ListableBeanFactory beanFactory, Map<Class<?>, ContainedBean<?>> prepared) implements BeanContainer {

	private static final LifecycleOptions OPTIONS = new LifecycleOptions() {

		@Override
		public boolean canUseCachedReferences() {
			return true;
		}

		@Override
		public boolean useJpaCompliantCreation() {
			return true;
		}

	};

	private static final BeanInstanceProducer PRODUCER = new BeanInstanceProducer() {

		@Override
		public <B> B produceBeanInstance(Class<B> type) {
			return BeanUtils.instantiateClass(type);
		}

		@Override
		public <B> B produceBeanInstance(String name, Class<B> type) {
			return produceBeanInstance(type);
		}

	};

	PersistenceUnitBeanContainer(BeanContainer delegate, PersistenceUnitExecutor executor,
			ListableBeanFactory beanFactory) {
		this(delegate, executor, beanFactory, new ConcurrentHashMap<>());
	}

	/**
	 * Creates objects before the unit is built, so that building it need not wait for a
	 * thread that creates them.
	 */
	void prepare(Collection<String> classNames, @Nullable ClassLoader classLoader) {
		for (String className : classNames) {
			Class<?> type = ClassUtils.resolveClassName(className, classLoader);
			this.prepared.put(type, this.delegate.getBean(type, OPTIONS, PRODUCER));
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public <B> ContainedBean<B> getBean(Class<B> type, LifecycleOptions options, BeanInstanceProducer producer) {
		ContainedBean<?> bean = options.canUseCachedReferences() ? this.prepared.get(type) : null;
		if (bean != null) {
			return (ContainedBean<B>) bean;
		}
		return isHibernates(type, options) ? new ProducedBean<>(type, producer.produceBeanInstance(type))
				: this.executor.callWhereAwaited(() -> this.delegate.getBean(type, options, producer));
	}

	/**
	 * Returns whether an object is of Hibernate itself, which looks up all of its
	 * strategies as beans. The search does not create beans, and does not wait for a
	 * thread that does.
	 */
	private boolean isHibernates(Class<?> type, LifecycleOptions options) {
		return options.useJpaCompliantCreation() ? type.getName().startsWith("org.hibernate.")
				: this.beanFactory.getBeanNamesForType(type, true, false).length == 0;
	}

	@Override
	public <B> ContainedBean<B> getBean(String name, Class<B> type, LifecycleOptions options,
			BeanInstanceProducer producer) {
		return this.executor.callWhereAwaited(() -> this.delegate.getBean(name, type, options, producer));
	}

	@Override
	public void stop() {
		this.delegate.stop();
	}

	/**
	 * An object that Hibernate creates.
	 */
	private record ProducedBean<B>(Class<B> beanClass, B instance) implements ContainedBean<B> {

		@Override
		public Class<B> getBeanClass() {
			return this.beanClass;
		}

		@Override
		public B getBeanInstance() {
			return this.instance;
		}

	}

}
