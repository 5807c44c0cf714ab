package io.appdbs.bean;

import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * What a bean is to injections that name no qualifier. Boot's own conditions look at the
 * same flags, so the role also decides whether Boot's auto-configurations back off.
 */
enum CandidateRole {

	/**
	 * What an injection without qualifier gets.
	 */
	PRIMARY,

	/**
	 * One of several equals: an injection without qualifier fails and lists them.
	 */
	DEFAULT,

	/**
	 * Found by qualifier only.
	 */
	QUALIFIED;

	void applyTo(AbstractBeanDefinition definition) {
		definition.setPrimary(this == PRIMARY);
		definition.setDefaultCandidate(this != QUALIFIED);
	}

}
