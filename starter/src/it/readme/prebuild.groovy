// Writes each file that README.md prints, under the name above its code block, and nothing else.
def block = ~/(?ms)^`([^`\n]+)`:\n+```\w+\n(.*?)^```$/
def files = (readme as File).text.findAll(block) { match, name, content -> [name, content] }
files.each { name, content ->
	def file = new File(basedir, name)
	file.parentFile.mkdirs()
	file.text = content
}
assert files*.first().any { it == 'pom.xml' }
assert files*.first().any { it.startsWith('src/test/java/') }
