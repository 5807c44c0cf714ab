package io.appdbs.bean.registry;

import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * The role of a bean for injection points without a qualifier. Boot's own conditions
 * evaluate the same flags, so the role also decides whether Boot's auto-configurations
 * back off.
 */
public enum CandidateRole {

	/**
	 * Injected if there is no qualifier.
	 */
	PRIMARY,

	/**
	 * One of several equal candidates: an injection without qualifier fails and lists
	 * them.
	 */
	DEFAULT,

	/**
	 * Found by qualifier only.
	 */
	QUALIFIED;

	/**
	 * Applies the role to the definition of a bean.
	 * @param definition the definition
	 */
	public void applyTo(AbstractBeanDefinition definition) {
		definition.setPrimary(this == PRIMARY);
		definition.setDefaultCandidate(this != QUALIFIED);
	}

}
