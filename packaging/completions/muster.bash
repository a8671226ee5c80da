# Completion of muster for bash.
_muster() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=() word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || words+=("$word")
  done
  local shared="--url --token --token-file --ca --json --help"
  local server="--config --listen --admin --data --name --loops --workers --drain --log-level --log-format"
  local place="--config --data --admin"
  local many="--selector --channel --everyone --dry-run --max --pace"
  local field="--path --service --security --credential --set --data"
  COMPREPLY=()
  case $previous in
    --config | --token-file | --ca) COMPREPLY=($(compgen -f -- "$current")); return ;;
    --data)
      if [[ ${words[0]} =~ ^(serve|config|doctor|backup|restore)$ ]]; then
        COMPREPLY=($(compgen -d -- "$current"))
        return
      fi
      ;;
    --role) COMPREPLY=($(compgen -W "viewer operator admin" -- "$current")); return ;;
    --ack)
      if [[ ${words[0]} == subscriptions ]]; then
        COMPREPLY=($(compgen -W "auto client" -- "$current"))
        return
      fi
      ;;
    --security) COMPREPLY=($(compgen -W "none basic api_key" -- "$current")); return ;;
  esac
  local choices
  case "${words[*]:0:2}" in
    '') choices="serve config doctor backup restore status whoami history incidents version services channels connections broadcast topics subscriptions pub sub operations users tokens $shared --version" ;;
    config) choices="check show --help" ;;
    services) choices="ls --help" ;;
    channels) choices="ls fields show create edit delete --help" ;;
    connections) choices="ls attributes show messages invoke close --help" ;;
    topics) choices="ls fields show create edit delete messages clear publishers --help" ;;
    subscriptions) choices="ls show messages clear add delete --help" ;;
    operations) choices="show cancel --help" ;;
    users) choices="ls add edit rm --help" ;;
    tokens) choices="ls add rm --help" ;;
    'serve'*) choices="$server --help" ;;
    'config check'*) choices="$server --help" ;;
    'config show'*) choices="$server --help" ;;
    'doctor'*) choices="$place --thorough $shared" ;;
    'backup'*)
      choices="$place --force $shared"
      [[ $current == -* ]] || { COMPREPLY=($(compgen -f -- "$current")); return; }
      ;;
    'restore'*)
      choices="$place $shared"
      [[ $current == -* ]] || { COMPREPLY=($(compgen -f -- "$current")); return; }
      ;;
    'status'*) choices="$shared" ;;
    'whoami'*) choices="$shared" ;;
    'history'*) choices="$shared" ;;
    'incidents'*) choices="--limit --all $shared" ;;
    'version'*) choices="$shared" ;;
    'services ls'*) choices="$shared" ;;
    'channels ls'*) choices="$shared" ;;
    'channels fields'*) choices="$shared" ;;
    'channels show'*) choices="$shared" ;;
    'channels create'*) choices="$field --dry-run $shared" ;;
    'channels edit'*) choices="$field --dry-run $shared" ;;
    'channels delete'*) choices="--dry-run $shared" ;;
    'connections ls'*) choices="--channel --client-id --selector --sort --limit --columns --all $shared" ;;
    'connections attributes'*) choices="$shared" ;;
    'connections show'*) choices="$shared" ;;
    'connections messages'*) choices="$shared" ;;
    'connections invoke'*) choices="$many --data --timeout $shared" ;;
    'connections close'*) choices="$many --code --reason --retry --to $shared" ;;
    'broadcast'*) choices="$many --data $shared" ;;
    'topics ls'*) choices="--search --sort --limit --all $shared" ;;
    'topics fields'*) choices="$shared" ;;
    'topics show'*) choices="$shared" ;;
    'topics create'*) choices="--set --data --dry-run $shared" ;;
    'topics edit'*) choices="--set --data --dry-run $shared" ;;
    'topics delete'*) choices="$shared" ;;
    'topics messages'*) choices="--msg-id --text --oldest-first --limit --all $shared" ;;
    'topics clear'*) choices="--msg-id $shared" ;;
    'topics publishers'*) choices="--limit --all $shared" ;;
    'subscriptions ls'*) choices="--topic --connection --search --sort --limit --all $shared" ;;
    'subscriptions show'*) choices="$shared" ;;
    'subscriptions messages'*) choices="--msg-id --text --oldest-first --limit --all $shared" ;;
    'subscriptions clear'*) choices="--msg-id $shared" ;;
    'subscriptions add'*) choices="--ack --from --durable --batch --wrap-one $shared" ;;
    'subscriptions delete'*) choices="$shared" ;;
    'pub'*) choices="--data --priority --expiration --key --msg-id --correl-id --in-reply-to --mime-type $shared" ;;
    'sub' | 'sub '*) choices="--channel --ws --client-id --username --secret --from --count --durable --ack $shared" ;;
    'operations show'*) choices="$shared" ;;
    'operations cancel'*) choices="$shared" ;;
    'users ls'*) choices="$shared" ;;
    'users add'*) choices="--role --password-stdin $shared" ;;
    'users edit'*) choices="--role --password --password-stdin $shared" ;;
    'users rm'*) choices="$shared" ;;
    'tokens ls'*) choices="$shared" ;;
    'tokens add'*) choices="--role $shared" ;;
    'tokens rm'*) choices="$shared" ;;
    *) choices=$shared ;;
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -F _muster muster
