package io.appdbs.bean.jpa;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.hibernate.resource.beans.container.spi.BeanContainer;
import org.hibernate.resource.beans.container.spi.ContainedBean;
import org.hibernate.resource.beans.spi.BeanInstanceProducer;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The attribute converters, entity listeners and similar objects of a persistence unit,
 * which are injected as beans are. None is created on the thread that builds the unit.
 *
 * @param delegate creates the objects
 * @param executor builds the unit
 * @param prepared the objects that exist before the unit is built
 */
record PersistenceUnitBeanContainer(BeanContainer delegate, PersistenceUnitExecutor executor,
		Map<Class<?>, ContainedBean<?>> prepared) implements BeanContainer {

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

	PersistenceUnitBeanContainer(BeanContainer delegate, PersistenceUnitExecutor executor) {
		this(delegate, executor, new ConcurrentHashMap<>());
	}

	/**
	 * Creates objects before the unit is built, so that building it need not wait for a
	 * thread that creates them.
	 */
	void prepare(Collection<String> classNames, ConfigurableListableBeanFactory beanFactory) {
		for (String className : classNames) {
			Class<?> type = ClassUtils.resolveClassName(className, beanFactory.getBeanClassLoader());
			this.prepared.put(type, this.delegate.getBean(type, OPTIONS, PRODUCER));
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public <B> ContainedBean<B> getBean(Class<B> type, LifecycleOptions options, BeanInstanceProducer producer) {
		ContainedBean<?> bean = options.canUseCachedReferences() ? this.prepared.get(type) : null;
		return (bean != null) ? (ContainedBean<B>) bean
				: this.executor.callWhereAwaited(() -> this.delegate.getBean(type, options, producer));
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

}
