# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_notary_global_optspecs
    string join \n c/configFile= d/trustDir= s/server= tlscacert= tlscert= tlskey= passphrase-file= passphrase-command= username= password-stdin pkcs11= trust-root= offline q/quiet v/verbose D/debug color= h/help V/version
end

function __fish_notary_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_notary_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_notary_using_subcommand
    set -l cmd (__fish_notary_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c notary -n "__fish_notary_needs_command" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_needs_command" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_needs_command" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_needs_command" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_needs_command" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_needs_command" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_needs_command" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_needs_command" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_needs_command" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_needs_command" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_needs_command" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_needs_command" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_needs_command" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_needs_command" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_needs_command" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_needs_command" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_needs_command" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_needs_command" -s V -l version -d 'Print version'
complete -c notary -n "__fish_notary_needs_command" -f -a "add" -d 'Stage files or images to be signed as targets'
complete -c notary -n "__fish_notary_needs_command" -f -a "addhash" -d 'Stage a target that is known by its hash'
complete -c notary -n "__fish_notary_needs_command" -f -a "completion" -d 'Print a script that completes commands and options in a shell'
complete -c notary -n "__fish_notary_needs_command" -f -a "delegation" -d 'Manage who may sign which targets'
complete -c notary -n "__fish_notary_needs_command" -f -a "delete" -d 'Remove a collection from this machine, and from the server if asked to'
complete -c notary -n "__fish_notary_needs_command" -f -a "image" -d 'Tell which images are trusted'
complete -c notary -n "__fish_notary_needs_command" -f -a "init" -d 'Make a new collection'
complete -c notary -n "__fish_notary_needs_command" -f -a "key" -d 'Manage private keys'
complete -c notary -n "__fish_notary_needs_command" -f -a "list" -d 'List the targets of a collection'
complete -c notary -n "__fish_notary_needs_command" -f -a "login" -d 'Keep the login to a server in the secret store of the system'
complete -c notary -n "__fish_notary_needs_command" -f -a "logout" -d 'Remove the login to a server from the secret store of the system'
complete -c notary -n "__fish_notary_needs_command" -f -a "lookup" -d 'Show one target of a collection'
complete -c notary -n "__fish_notary_needs_command" -f -a "publish" -d 'Sign the staged changes and upload them'
complete -c notary -n "__fish_notary_needs_command" -f -a "remove" -d 'Stage the removal of a target'
complete -c notary -n "__fish_notary_needs_command" -f -a "reset" -d 'Drop staged changes'
complete -c notary -n "__fish_notary_needs_command" -f -a "serve" -d 'Serve collections to other machines'
complete -c notary -n "__fish_notary_needs_command" -f -a "sign" -d 'Add signatures to a publication that needs keys of several machines'
complete -c notary -n "__fish_notary_needs_command" -f -a "status" -d 'Show the changes that are staged'
complete -c notary -n "__fish_notary_needs_command" -f -a "trust" -d 'See, pin and forget which roots are trusted'
complete -c notary -n "__fish_notary_needs_command" -f -a "verify" -d 'Check that a file is the target that was signed'
complete -c notary -n "__fish_notary_needs_command" -f -a "version" -d 'Print the version of the program'
complete -c notary -n "__fish_notary_needs_command" -f -a "who" -d 'Show who may sign a collection, or one name in it'
complete -c notary -n "__fish_notary_needs_command" -f -a "witness" -d 'Stage roles to be signed again as they are'
complete -c notary -n "__fish_notary_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand add" -l image -d 'Stage what this image is in its registry, such as registry.example/team/app:1.0' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l registry-cacert -d 'PEM file of the certificate authorities to trust for the registry' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -l prefix -d 'Put this in front of every name' -r
complete -c notary -n "__fish_notary_using_subcommand add" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l custom -d 'JSON file with data to be signed along with the target' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand add" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand add" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand add" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand add" -l recursive -d 'Stage all files of the given directories under their relative paths'
complete -c notary -n "__fish_notary_using_subcommand add" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand add" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand add" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand add" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand add" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand add" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand add" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand addhash" -l sha256 -d 'SHA-256 of the file, 64 hex digits' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l sha512 -d 'SHA-512 of the file, 128 hex digits' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l custom -d 'JSON file with data to be signed along with the target' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand addhash" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand addhash" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand addhash" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand addhash" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand addhash" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand addhash" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand addhash" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand addhash" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand addhash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand completion" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand completion" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand completion" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand completion" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand completion" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand completion" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand completion" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand completion" -l no-descriptions -d 'Leave out the descriptions of commands and options'
complete -c notary -n "__fish_notary_using_subcommand completion" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand completion" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand completion" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand completion" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand completion" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -f -a "add" -d 'Stage a delegation, or more keys and paths for one'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -f -a "list" -d 'List the delegations of a collection'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -f -a "purge" -d 'Stage the removal of keys from all delegations'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -f -a "remove" -d 'Stage the removal of a delegation, or of some of its keys and paths'
complete -c notary -n "__fish_notary_using_subcommand delegation; and not __fish_seen_subcommand_from add list purge remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l paths -d 'Prefixes of names, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l threshold -d 'How many of the keys must sign, 1 for a new delegation' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l all-paths -d 'All names'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l key -d 'Ids of the keys, separated by commas or by repeating the option; of those that are known here the first 7 or more digits suffice' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l paths -d 'Prefixes of names, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l all-paths -d 'All names'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from help" -f -a "add" -d 'Stage a delegation, or more keys and paths for one'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the delegations of a collection'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from help" -f -a "purge" -d 'Stage the removal of keys from all delegations'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Stage the removal of a delegation, or of some of its keys and paths'
complete -c notary -n "__fish_notary_using_subcommand delegation; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand delete" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand delete" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand delete" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand delete" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand delete" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand delete" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand delete" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand delete" -l remote -d 'Remove it from the server, too'
complete -c notary -n "__fish_notary_using_subcommand delete" -s y -l yes -d 'Do not ask'
complete -c notary -n "__fish_notary_using_subcommand delete" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand delete" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand delete" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand delete" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand delete" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -f -a "resolve" -d 'Print the trusted digest of an image'
complete -c notary -n "__fish_notary_using_subcommand image; and not __fish_seen_subcommand_from resolve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "resolve" -d 'Print the trusted digest of an image'
complete -c notary -n "__fish_notary_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand init" -l rootkey -d 'PEM file of the root key, encrypted with a passphrase' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -l root-key-id -d 'Root key in the key store or on the hardware token, for when there are several' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l rootcert -d 'PEM file of the certificate to use for the root key instead of a self-signed one' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -l token -d 'Roles whose keys are to be on the hardware token' -r
complete -c notary -n "__fish_notary_using_subcommand init" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand init" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand init" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand init" -s p -l publish -d 'Publish the collection right away'
complete -c notary -n "__fish_notary_using_subcommand init" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand init" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand init" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand init" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand init" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "backup" -d 'Put private keys into one encrypted file, or check such a file'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "export" -d 'Write private keys to stdout or into a file'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "forget" -d 'Remove passphrases of keys from the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "generate" -d 'Make a private key'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "import" -d 'Put private keys from PEM files into the key store'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "list" -d 'List the private keys of this machine'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "passwd" -d 'Change the passphrase of a private key'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "remember" -d 'Keep passphrases of keys in the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "remove" -d 'Take a private key out of use'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "restore" -d 'Bring private keys back from a backup'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "rotate" -d 'Replace the keys of a role and publish that'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "unarchive" -d 'Bring a private key back from the archive'
complete -c notary -n "__fish_notary_using_subcommand key; and not __fish_seen_subcommand_from backup export forget generate import list passwd remember remove restore rotate unarchive help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l key -d 'Only this key, by the first seven digits of its id or more (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l gun -d 'Only keys that were made for this collection or are in use for it (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l recipient -d 'Encrypt for this age recipient instead of with a passphrase (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l identity -d 'File of age identities that open the backup' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l force -d 'Replace the file if it exists'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l verify -d 'Check a backup instead of making one'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l ask -d 'Ask for the passphrases of keys that are not known'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s o -l output -d 'Write into this file, readable by its owner only, instead of stdout' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l gun -d 'Only the keys of this collection; several may be given' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l key -d 'Only this key, by its id or the first 7 or more digits of it; several may be given' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l archived -d 'Archived keys, too'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l gun -d 'Only keys of this collection' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l all -d 'Everything that is remembered'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s r -l role -d 'What the key is for' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s g -l gun -d 'Collection of a targets, snapshot or timestamp key' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s o -l output -d 'Write PREFIX.pem and PREFIX-key.pem instead of storing the key' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l force -d 'Replace these files if they exist'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l token -d 'Make the key on the hardware token'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s r -l role -d 'What keys are for whose files do not say it, instead of delegation' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s g -l gun -d 'Collection of targets, snapshot and timestamp keys whose files do not say it' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be imported and store nothing'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s g -l gun -d 'Only keys that were made for this collection or are in use for it (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s r -l role -d 'Only keys that were made for this role or are in use for it (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s l -l long -d 'Show kind and status of keys, archived keys and the server\'s, also into pipes'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s a -l all -d 'Show in addition the keys that somebody else has; implies --long'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l gun -d 'Only keys of this collection' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remember" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Do not ask'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l purge -d 'Destroy the key instead of moving it into the archive'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l key -d 'Only this key, by the first seven digits of its id or more (repeatable)' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l identity -d 'File of age identities that open the backup' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l list -d 'Show the keys in the backup and whether they are here, and restore nothing'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l dry-run -d 'Check everything and say what would be restored, and restore nothing'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l force -d 'Put keys that are here in another form into the archive, and restore those in the backup'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s k -l key -d 'PEM file of a private key to use instead of a new one; can be repeated' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l key-id -d 'Key of the key store or hardware token to use instead of a new one; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s l -l legacy -d 'Have the new root signed by the root keys of so many versions before as well; -1 for all' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l threshold -d 'How many of the new root or targets keys must sign; as many as before if not given' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l out -d 'The file to write; `-` for stdout' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s r -l server-managed -d 'Leave the role to the server, which makes and holds the key (snapshot and timestamp)'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l token -d 'Make the new key on the hardware token'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l sign-only -d 'Sign with the keys that are here and write a file for others to sign, instead of uploading'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l force -d 'Replace the file if it exists'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l dry-run -d 'Show what would be published, without signing, storing or uploading anything'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Do not ask before the root key is replaced'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from unarchive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Put private keys into one encrypted file, or check such a file'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write private keys to stdout or into a file'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Remove passphrases of keys from the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Make a private key'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "import" -d 'Put private keys from PEM files into the key store'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the private keys of this machine'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "passwd" -d 'Change the passphrase of a private key'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "remember" -d 'Keep passphrases of keys in the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take a private key out of use'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Bring private keys back from a backup'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Replace the keys of a role and publish that'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "unarchive" -d 'Bring a private key back from the archive'
complete -c notary -n "__fish_notary_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand list" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand list" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand list" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand list" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand list" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand list" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand list" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand list" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand list" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand list" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand list" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand list" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand list" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand list" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand login" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand login" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand login" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand login" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand login" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand login" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand login" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand login" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand login" -l list -d 'Show for which servers a login is kept instead'
complete -c notary -n "__fish_notary_using_subcommand login" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand login" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand login" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand login" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand login" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand login" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand logout" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand logout" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand logout" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand logout" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand logout" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand logout" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand logout" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand logout" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand logout" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand logout" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand logout" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand logout" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand lookup" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand lookup" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand lookup" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand lookup" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand lookup" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand lookup" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand lookup" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand lookup" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand lookup" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand lookup" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand lookup" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand lookup" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand lookup" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand lookup" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand lookup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand publish" -l out -d 'The file to write; `-` for stdout' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -l from -d 'Upload such a file, which enough keys have signed, instead of what is staged; `-` for stdin' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand publish" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand publish" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand publish" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand publish" -l init -d 'Make the collection if it does not exist'
complete -c notary -n "__fish_notary_using_subcommand publish" -l dry-run -d 'Show what would be published, without signing or uploading anything'
complete -c notary -n "__fish_notary_using_subcommand publish" -l sign-only -d 'Sign with the keys that are here and write a file for others to sign, instead of uploading'
complete -c notary -n "__fish_notary_using_subcommand publish" -l force -d 'Replace the file if it exists'
complete -c notary -n "__fish_notary_using_subcommand publish" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand publish" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand publish" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand publish" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand publish" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand publish" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand remove" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand remove" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand remove" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand remove" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand remove" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand remove" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand remove" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand remove" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand remove" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand remove" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand remove" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand remove" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand remove" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand reset" -s n -l number -d 'Numbers of the changes, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand reset" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand reset" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand reset" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand reset" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand reset" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand reset" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand reset" -l all -d 'Drop all changes'
complete -c notary -n "__fish_notary_using_subcommand reset" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand reset" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand reset" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand reset" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand reset" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand serve" -l listen -d 'Address and port to listen on [default: 127.0.0.1:4443]' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l data -d 'Directory of the database [default: server in the trust directory]' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l tls-cert -d 'PEM file of the certificate to show to clients' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l tls-key -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l client-ca -d 'PEM file of the authorities of clients, who then need a certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l config -d 'File with settings (.json, .toml or .yaml)' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l key-algorithm -d 'Kind of the keys that the server makes [default: ecdsa]' -r -f -a "ecdsa\t'ECDSA on P-256'
ed25519\t'Ed25519'"
complete -c notary -n "__fish_notary_using_subcommand serve" -l keep-versions -d 'Versions of each file to keep, apart from roots, which are all kept [default: 10]' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l log -d 'Form of the log on stderr' -r -f -a "json\t'One JSON object on each line'
text\t'Lines with NAME=VALUE'"
complete -c notary -n "__fish_notary_using_subcommand serve" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand serve" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand serve" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand serve" -l tls-self-signed -d 'Make a certificate for development and say what clients need to trust it'
complete -c notary -n "__fish_notary_using_subcommand serve" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand serve" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand serve" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand serve" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand serve" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand sign" -l out -d 'Write it here instead of replacing FILE; `-` for stdout' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand sign" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand sign" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand sign" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand sign" -l force -d 'Replace OTHER if it exists'
complete -c notary -n "__fish_notary_using_subcommand sign" -l dry-run -d 'Show what would be signed, and by whom, without signing'
complete -c notary -n "__fish_notary_using_subcommand sign" -s y -l yes -d 'Sign without asking'
complete -c notary -n "__fish_notary_using_subcommand sign" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand sign" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand sign" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand sign" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand sign" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand sign" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand status" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand status" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand status" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand status" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand status" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand status" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand status" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand status" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand status" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand status" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand status" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand status" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand status" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand status" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -f -a "forget" -d 'Forget which root of a collection is trusted'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -f -a "pin" -d 'Pin which root is right for a collection'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -f -a "show" -d 'Show which root is trusted, and why'
complete -c notary -n "__fish_notary_using_subcommand trust; and not __fish_seen_subcommand_from forget pin show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l pin -d 'Forget what `notary trust pin` has pinned, too'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s y -l yes -d 'Do not ask'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l key -d 'Id of a root certificate, or of its key if the root is known here; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l ca -d 'PEM file of certificate authorities, which are copied' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l current -d 'The root certificates that are trusted on this machine now'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l replace -d 'Instead of what was pinned with this command before'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l pem -d 'Print nothing but the root certificates, as PEM text'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget which root of a collection is trusted'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "pin" -d 'Pin which root is right for a collection'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show which root is trusted, and why'
complete -c notary -n "__fish_notary_using_subcommand trust; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand verify" -s i -l input -d 'Read the payload from this file instead of stdin' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -s o -l output -d 'Write the payload to this file instead of stdout; `json` means the same as --json (`./json` is a file of that name)' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -s r -l roles -d 'Roles such as targets/releases, separated by commas or by repeating the option' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand verify" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand verify" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand verify" -l json -d 'Print a report instead of the payload'
complete -c notary -n "__fish_notary_using_subcommand verify" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand verify" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand verify" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand verify" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand verify" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand version" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand version" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand version" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand version" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand version" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand version" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand version" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand version" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand version" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand version" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand version" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand version" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand version" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand version" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand who" -l output -d 'Form of the output' -r -f -a "json\t'JSON with a stable schema'
text\t'Lines and tables'"
complete -c notary -n "__fish_notary_using_subcommand who" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand who" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand who" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand who" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand who" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand who" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand who" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand who" -l json -d 'Short for --output json'
complete -c notary -n "__fish_notary_using_subcommand who" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand who" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand who" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand who" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand who" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand who" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand witness" -s c -l configFile -d 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json' -r -F
complete -c notary -n "__fish_notary_using_subcommand witness" -s d -l trustDir -d 'Directory of keys, metadata and staged changes instead of ~/.notary' -r -F
complete -c notary -n "__fish_notary_using_subcommand witness" -s s -l server -d 'Address of the Notary server, such as https://notary.example:4443' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l tlscacert -d 'PEM file of the certificate authorities to trust instead of the system\'s' -r -F
complete -c notary -n "__fish_notary_using_subcommand witness" -l tlscert -d 'PEM file of the certificate to show the server' -r -F
complete -c notary -n "__fish_notary_using_subcommand witness" -l tlskey -d 'PEM file of the key of that certificate' -r -F
complete -c notary -n "__fish_notary_using_subcommand witness" -l passphrase-file -d 'File whose first line is the passphrase of a role\'s keys; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l passphrase-command -d 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l username -d 'Whose login to use when the server wants one, instead of what is found; \'\' for nobody\'s' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l pkcs11 -d 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l trust-root -d 'Id of the root certificate that the collection must have; can be repeated' -r
complete -c notary -n "__fish_notary_using_subcommand witness" -l color -d 'When to use colour' -r -f -a "always\t'Always, also into files and pipes'
auto\t'On a terminal, unless NO_COLOR is set'
never\t'Never'"
complete -c notary -n "__fish_notary_using_subcommand witness" -s p -l publish -d 'Publish everything that is staged right away'
complete -c notary -n "__fish_notary_using_subcommand witness" -l password-stdin -d 'Read the password of that user from stdin'
complete -c notary -n "__fish_notary_using_subcommand witness" -l offline -d 'Use the copy on this machine and do not ask the server'
complete -c notary -n "__fish_notary_using_subcommand witness" -s q -l quiet -d 'Leave out notes and progress'
complete -c notary -n "__fish_notary_using_subcommand witness" -s v -l verbose -d 'Tell what is done'
complete -c notary -n "__fish_notary_using_subcommand witness" -s D -l debug -d 'Tell everything, including each request'
complete -c notary -n "__fish_notary_using_subcommand witness" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "add" -d 'Stage files or images to be signed as targets'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "addhash" -d 'Stage a target that is known by its hash'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "completion" -d 'Print a script that completes commands and options in a shell'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "delegation" -d 'Manage who may sign which targets'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "delete" -d 'Remove a collection from this machine, and from the server if asked to'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "image" -d 'Tell which images are trusted'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "init" -d 'Make a new collection'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "key" -d 'Manage private keys'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "list" -d 'List the targets of a collection'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "login" -d 'Keep the login to a server in the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "logout" -d 'Remove the login to a server from the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "lookup" -d 'Show one target of a collection'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "publish" -d 'Sign the staged changes and upload them'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "remove" -d 'Stage the removal of a target'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "reset" -d 'Drop staged changes'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "serve" -d 'Serve collections to other machines'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "sign" -d 'Add signatures to a publication that needs keys of several machines'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "status" -d 'Show the changes that are staged'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "trust" -d 'See, pin and forget which roots are trusted'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "verify" -d 'Check that a file is the target that was signed'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "version" -d 'Print the version of the program'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "who" -d 'Show who may sign a collection, or one name in it'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "witness" -d 'Stage roles to be signed again as they are'
complete -c notary -n "__fish_notary_using_subcommand help; and not __fish_seen_subcommand_from add addhash completion delegation delete image init key list login logout lookup publish remove reset serve sign status trust verify version who witness help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from delegation" -f -a "add" -d 'Stage a delegation, or more keys and paths for one'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from delegation" -f -a "list" -d 'List the delegations of a collection'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from delegation" -f -a "purge" -d 'Stage the removal of keys from all delegations'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from delegation" -f -a "remove" -d 'Stage the removal of a delegation, or of some of its keys and paths'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from image" -f -a "resolve" -d 'Print the trusted digest of an image'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "backup" -d 'Put private keys into one encrypted file, or check such a file'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "export" -d 'Write private keys to stdout or into a file'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "forget" -d 'Remove passphrases of keys from the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "generate" -d 'Make a private key'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "import" -d 'Put private keys from PEM files into the key store'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "list" -d 'List the private keys of this machine'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "passwd" -d 'Change the passphrase of a private key'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "remember" -d 'Keep passphrases of keys in the secret store of the system'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "remove" -d 'Take a private key out of use'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "restore" -d 'Bring private keys back from a backup'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "rotate" -d 'Replace the keys of a role and publish that'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "unarchive" -d 'Bring a private key back from the archive'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "forget" -d 'Forget which root of a collection is trusted'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "pin" -d 'Pin which root is right for a collection'
complete -c notary -n "__fish_notary_using_subcommand help; and __fish_seen_subcommand_from trust" -f -a "show" -d 'Show which root is trusted, and why'
