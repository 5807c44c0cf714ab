package io.appdbs.repositories.strict;

import org.springframework.data.repository.CrudRepository;

interface PlainItemRepository extends CrudRepository<PlainItem, Long> {

}
